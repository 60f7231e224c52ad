"""What the winner gains over the best single model, on test texts that chose nothing.

    for seed in 0 1 2; do
        python benchmarks/recorded_studies.py netflix_titles.csv netflix-$seed.npz --seed $seed
    done
    python benchmarks/candidates.py *.npz
    python benchmarks/candidates.py --averaging *.npz

Each file is a recorded study. The winner is that of `auto`; the single model is the best network or
the linear baseline, whichever has the lower validation loss. Thresholds are tuned on validation.
`--averaging` compares the average of probabilities with that of logits, crossed on validation, and
reads no test. Rows are Markdown, for benchmarks/LOG.md.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from recorded_studies import RecordedStudy, read
from scipy.special import expit, logit, softmax

from search.candidates.contest import compare_candidates, enter_candidates, list_halves
from search.candidates.models import Models
from search.candidates.selection import select
from search.metrics.comparison import Comparison, compare, text_losses
from search.metrics.losses import CLIP, cross_entropy
from search.metrics.matrices import Bools, Counts, Floats, Labels, Singles
from search.metrics.scores import score_at
from search.metrics.task import Task
from search.metrics.thresholds import best_thresholds
from search.trial.candidate import Kind


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--averaging", action="store_true")
    arguments = parser.parse_args()
    studies = [read(path) for path in arguments.files]
    if arguments.averaging:
        print("| study | seed | probabilities | logits |\n| --- | --- | --- | --- |")
        for study in studies:
            losses = (f"{loss:.5f}" for loss in compare_averages(study))
            print(f"| {study.name} | {study.seed} | {' | '.join(losses)} |", flush=True)
        return
    print(
        "| study | seed | winner | crossed: network, linear, ensemble | test loss: single, winner "
        "| difference (90 %) | test macro F1: single, winner |"
    )
    print("|" + " --- |" * 7)
    gains = [measure(study) for study in studies]
    print(
        f"\nmean loss {np.mean([gain for gain, _ in gains]):+.2%}; "
        f"macro F1 higher in {sum(f1 > 0 for _, f1 in gains)} of {len(gains)}, "
        f"equal in {sum(f1 == 0 for _, f1 in gains)}"
    )


def measure(study: RecordedStudy) -> tuple[float, float]:
    """Print a row; return the relative change of the loss, and that of the macro F1."""
    models = study.make_models(study.labels["val"], study.probabilities["val"])
    entrants = enter_candidates(models)
    contest = compare_candidates(entrants, models, seed=study.seed)
    chosen = next(e for e in entrants if e.candidate.kind is contest.winner)
    singles = [models.choose(kind, models.all_texts) for kind in (Kind.NETWORK, Kind.BASELINE)]
    losses = [cross_entropy(models.mix(w), models.labels, models.task) for w in singles]
    before = _test(study, models, singles[int(np.argmin(losses))])
    after = _test(study, models, chosen.weights)
    crossed = [f"{candidate.metrics['val_loss']:.4f}" for candidate in contest.candidates]
    c: Comparison = compare(after.losses, before.losses, seed=study.seed)
    print(
        f"| {study.name} | {study.seed} | {contest.find().name} | {', '.join(crossed)} "
        f"| {before.losses.mean():.4f}, {after.losses.mean():.4f} "
        f"| {c.difference:+.4f} ({c.low:+.4f} to {c.high:+.4f}) "
        f"| {before.f1:.3f}, {after.f1:.3f} |",
        flush=True,
    )
    return c.difference / float(before.losses.mean()), after.f1 - before.f1


@dataclass(frozen=True)
class Tested:
    """What a mixture came to on test."""

    losses: Floats
    f1: float


def _test(study: RecordedStudy, models: Models, weights: Floats) -> Tested:
    in_test = study.make_models(study.labels["test"], study.probabilities["test"])
    tested, labels = in_test.mix(weights), in_test.labels
    thresholds = np.empty(0)
    if models.task is not Task.MULTICLASS:
        thresholds = best_thresholds(models.mix(weights), models.labels)
    scores = score_at(tested, labels, thresholds, models.task)
    return Tested(text_losses(tested, labels, models.task), scores.tuned.f1_macro)


@dataclass(frozen=True)
class LogitCriterion:
    """Judges the mixtures that average logits."""

    logits: Floats
    labels: Labels
    task: Task

    def costs(self, counts: Counts, allowed: Bools) -> Floats:
        """Compute the loss of each mixture; see `Criterion`."""
        total = np.tensordot(counts.astype(np.float64), self.logits, axes=1)
        costs = np.full(len(counts), np.inf)
        for model in np.flatnonzero(allowed):
            mean = (total + self.logits[model]) / (counts.sum() + 1)
            costs[model] = cross_entropy(_squash(mean, self.task), self.labels, self.task)
        return costs


def compare_averages(study: RecordedStudy) -> tuple[float, float]:
    """Give the crossed loss of the ensemble with both averages."""
    models = study.make_models(study.labels["val"], study.probabilities["val"])
    stacked = np.stack([m.probabilities for m in models.members]).astype(np.float64)
    clipped = np.clip(stacked, CLIP, 1.0 - CLIP)
    logits = np.log(clipped) if models.task is Task.MULTICLASS else logit(clipped)
    of_probabilities = np.zeros(models.labels.shape, np.float32)
    of_logits = np.zeros(models.labels.shape)
    for chosen_on, scored in list_halves(len(models.labels)):
        weights = models.choose(Kind.ENSEMBLE, chosen_on.astype(np.int64))
        of_probabilities[scored] = models.mix(weights)[scored]
        criterion = LogitCriterion(logits[:, chosen_on], models.labels[chosen_on], models.task)
        weights = select(criterion, [1] * len(logits))
        of_logits[scored] = _squash(np.tensordot(weights, logits, axes=1), models.task)[scored]
    both: tuple[Singles | Floats, ...] = (of_probabilities, np.minimum(of_logits, 1.0))
    one, other = (cross_entropy(p, models.labels, models.task) for p in both)
    return one, other


def _squash(logits: Floats, task: Task) -> Floats:
    return np.asarray(softmax(logits, axis=1) if task is Task.MULTICLASS else expit(logits))


if __name__ == "__main__":
    main()
