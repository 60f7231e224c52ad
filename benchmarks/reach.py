"""Learning curves of the linear baseline, and how far their extrapolation can be trusted.

    python benchmarks/reach.py data synopses:1 synopses:2 synopses:4 netflix_titles.csv
    python benchmarks/reach.py hindsight netflix_titles.csv rt_polarity.csv
    python benchmarks/reach.py simulate

`data` extrapolates from all of train; `hindsight` from a tenth of it, beside what all of it then
gave; `simulate` counts, over seeds, how often the 90 % interval holds the true loss at ten times
the texts, and how often it lies above a target that is met there. Rows are Markdown, for
benchmarks/LOG.md. Files are those of GENRE_SEARCH_DATA; `synopses:2` is the generated corpus at
noise 2.
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from search.baselines.linear import fit_linear_curve
from search.baselines.priors import prior_probabilities
from search.data.corpus import Corpus, Task, open_corpus
from search.data.named.synopses.generate import generate
from search.data.split.parts import growing_parts
from search.data.split.split import split_corpus
from search.metrics.comparison import text_losses
from search.metrics.extrapolation import Extrapolation, extrapolate
from search.metrics.losses import cross_entropy

TARGET = 0.05
SIZES = np.array([300, 600, 1200, 2400, 4800])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("data", "hindsight", "simulate"))
    parser.add_argument("sources", nargs="*")
    parser.add_argument("--seed", type=int, default=0)
    request = parser.parse_args()
    if request.what == "simulate":
        simulate()
        return
    print(
        "| data | texts | losses | law c, b | at 10 times | times to 0.05 | priors, floor, truth |"
    )
    print("|" + " --- |" * 7)
    for source in request.sources:
        measure(_open(source), source, request.seed, tenth=request.what == "hindsight")


def measure(corpus: Corpus, source: str, seed: int, *, tenth: bool) -> None:
    split = split_corpus(corpus, seed=seed)
    train, truth = corpus.labels[split.train], corpus.labels[split.validation]
    parts = growing_parts(len(train), seed=seed)
    if tenth:
        shuffled = np.random.default_rng(seed).permutation(len(train))[: len(train) // 10]
        inner = growing_parts(shuffled.size, seed=seed)
        parts = (*(np.sort(shuffled[part]) for part in inner), parts[-1])
    rows = [split.train[part] for part in parts]
    fits = list(fit_linear_curve(corpus, rows, split.validation))
    losses = np.array([text_losses(fit.probabilities, truth) for fit in fits])
    sizes = [part.size for part in parts][:5]
    found = extrapolate(sizes, losses[:5], target=TARGET, seed=seed)
    priors = cross_entropy(prior_probabilities(train, len(truth)), truth)
    known = [f"{priors:.4f}", f"{corpus.floor or 0:.4f}", f"{losses[-1].mean():.4f}"]
    curve = ", ".join(f"{loss:.4f}" for loss in losses[:5].mean(axis=1))
    seconds = sum(fit.seconds for fit in fits)
    print(
        f"| {source} | {sizes[-1]:,} | {curve} | {found.law.asymptote:.4f}, "
        f"{found.law.exponent:.3f} | {_end(found)} | {_multiple(found)} "
        f"| {', '.join(known if tenth else known[:2])} | in {seconds:.0f} s",
        flush=True,
    )


def simulate(n_seeds: int = 100) -> None:
    print("| curve | noise | holds the truth | true loss | target above it | false out of reach |")
    print("|" + " --- |" * 6)
    curves: dict[str, Callable[[float], float]] = {
        f"{c} + {a} (n/300)^-{b}": lambda n, c=c, a=a, b=b: c + a * (n / 300) ** -b
        for c, a, b in ((0, 0.13, 0.075), (0.05, 0.08, 0.2), (0.019, 0.1, 0.3), (0.02, 0.05, 0.5))
    }
    curves |= {
        f"0.02 + 0.115 / (1 + (n/{m})^{1 / w:.2g})": lambda n, m=m, w=w: (
            0.02 + 0.115 / (1 + (n / m) ** (1 / w))
        )
        for m in (2400, 4800, 9600, 19200)
        for w in (0.4, 0.8)
    }
    points = [0.135, 0.134, 0.120, 0.080, 0.0254, 0.0195]
    curves["0.135, 0.134, 0.120, 0.080, 0.0254"] = lambda n: float(
        np.interp(np.log(n), np.log([*SIZES, 48000]), points)
    )
    for name, curve in curves.items():
        for noise in (0.003, 0.02):
            true = curve(48000)
            found = [_simulated(curve, noise, 1.05 * true, seed) for seed in range(n_seeds)]
            held = np.mean([f.low <= true <= f.high for f in found])
            false = np.mean([f.is_beyond for f in found])
            left = " (guarded)" if curve(4800) > 0.85 * 0.135 and "115" in name else ""
            print(
                f"| {name}{left} | {noise} | {held:.0%} | {true:.4f} | {1.05 * true:.4f} "
                f"| {false:.0%} |",
                flush=True,
            )


def _simulated(
    curve: Callable[[float], float], noise: float, target: float, seed: int
) -> Extrapolation:
    """Extrapolate a curve as one training a size would show it, on 600 texts."""
    generator = np.random.default_rng(seed)
    means = np.array([curve(n) for n in SIZES]) * np.exp(noise * generator.standard_normal(5))
    hardness = generator.gamma(4, 1 / 4, 600)
    own = generator.gamma(50, 1 / 50, (5, 600))
    shares = hardness / hardness.mean() * own
    return extrapolate(SIZES, means[:, None] * shares, target=target, seed=seed, n_resamples=500)


def _open(source: str) -> Corpus:
    if not source.startswith("synopses:"):
        return open_corpus(Path(os.environ["GENRE_SEARCH_DATA"]) / source)
    made = generate(seed=0, noise=float(source.partition(":")[2]))
    return Corpus(
        name="synopses",
        texts=made.texts,
        labels=made.labels,
        label_names=made.label_names,
        task=Task.MULTILABEL,
        floor=made.floor,
    )


def _end(found: Extrapolation) -> str:
    return f"{found.predicted:.4f} ({found.low:.4f} to {found.high:.4f})"


def _multiple(found: Extrapolation) -> str:
    numbers = (found.multiple, found.multiple_low, found.multiple_high)
    middle, low, high = (f"{n:.1f}" if n is not None else "> 10" for n in numbers)
    return f"{middle} ({low} to {high})"


if __name__ == "__main__":
    main()
