"""Whether the interval of the winner's loss holds, and how often the first start is better.

    python benchmarks/recorded_studies.py netflix_titles.csv netflix.npz --held-back 0.3333
    python benchmarks/optimism.py *.npz --draws 34

Each file is a recorded study of which a part was held back. A draw divides its validation and its
held-back texts anew at random: as many texts as before choose the winner and measure its optimism,
and as many others, or all that are left, show what it is worth. Counted is how often the interval
holds the loss on the others, and how often the winner is worse there than the first start: at all,
and beyond noise (the paired 90 % interval lies above 0). Texts of validation are among both, and
best epochs and the strength of the linear baseline were chosen on these; `--draws 0` shows one row
a study instead, in which its own validation chooses and as many held-back texts show. Rows are
Markdown, for benchmarks/LOG.md.
"""

import argparse
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from recorded_studies import RecordedStudy, read

from search.candidates.contest import compare_candidates, enter_candidates
from search.candidates.models import Models
from search.candidates.optimism import Trials, measure_optimism
from search.metrics.comparison import ComparisonResult, compare, text_losses
from search.metrics.matrices import Counts, Floats


@dataclass(frozen=True)
class Draw:
    """What was found in one draw."""

    is_held: bool
    optimism: float
    """What was measured."""
    excess: float
    """By how much the loss on the other texts is higher."""
    is_worse: bool
    """Than the first start, on the other texts."""
    is_worse_beyond_noise: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--draws", type=int, default=34, help="of each study")
    arguments = parser.parse_args()
    print(
        "| study | seed | draws | interval holds | optimism, true | worse than the start "
        "| beyond noise |"
    )
    print("|" + " --- |" * 7)
    found: list[Draw] = []
    for path in arguments.files:
        study = read(path)
        generator = np.random.default_rng(study.seed)
        n_chosen, n_held = len(study.labels["val"]), len(study.labels["held"])
        orders = [generator.permutation(n_chosen + n_held) for _ in range(arguments.draws)]
        as_searched = np.append(np.arange(n_chosen), n_chosen + generator.permutation(n_held))
        draws = [draw(study, order) for order in orders or [as_searched]]
        found += draws
        show(f"{study.name} | {study.seed}", draws)
    show("together | ", found)


def show(name: str, draws: list[Draw]) -> None:
    """Print a row."""
    held, optimism, excess, worse, beyond = np.mean([astuple(draw) for draw in draws], axis=0)
    print(
        f"| {name} | {len(draws)} | {held:.1%} | {optimism:+.4f}, {excess:+.4f} | {worse:.1%} "
        f"| {beyond:.1%} |",
        flush=True,
    )


def draw(study: RecordedStudy, order: Counts) -> Draw:
    """Divide the texts in this order, choose by the first and look at the others."""
    n_texts = len(study.labels["val"])
    chosen_on, others = order[:n_texts], order[n_texts : 2 * n_texts]
    models, unseen = (_make_models(study, np.sort(rows)) for rows in (chosen_on, others))
    entrants = enter_candidates(models)
    contest = compare_candidates(entrants, models, seed=study.seed)
    winner = next(e for e in entrants if e.candidate.kind is contest.winner)
    trials = _make_trials(models)
    optimism = measure_optimism(contest, models, seed=study.seed, trials=trials)
    losses = _measure_losses(unseen, winner.weights)
    starts = [place for place, fact in enumerate(study.facts) if fact["start"]]
    start = min(starts, key=lambda place: study.facts[place]["number"])
    of_start = _measure_losses(unseen, np.eye(len(study.facts))[start])
    result = compare(losses, of_start, seed=study.seed).result
    return Draw(
        is_held=optimism.low <= losses.mean() <= optimism.high,
        optimism=optimism.expected - optimism.value,
        excess=float(losses.mean()) - optimism.value,
        is_worse=bool(losses.mean() > of_start.mean()),
        is_worse_beyond_noise=result is ComparisonResult.LOSES,
    )


def _make_models(study: RecordedStudy, rows: Counts) -> Models:
    labels = np.concatenate([study.labels["val"], study.labels["held"]])[rows]
    pairs = zip(study.probabilities["val"], study.probabilities["held"], strict=True)
    return study.make_models(labels, [np.concatenate(pair)[rows] for pair in pairs])


def _make_trials(models: Models) -> Trials:
    networks = [model for model in models.members if model.component.number is not None]
    losses = [text_losses(m.probabilities, models.labels, models.task) for m in networks]
    expenses = [m.n_parameters * m.milliseconds_per_text for m in networks]
    return Trials(np.stack(losses), np.array(expenses))


def _measure_losses(models: Models, weights: Floats) -> Floats:
    return text_losses(models.mix(weights), models.labels, models.task)


if __name__ == "__main__":
    main()
