"""Time what a trial is measured with, at two sizes, beside the same of another commit.

    python benchmarks/metrics_time.py
    python benchmarks/metrics_time.py --against HEAD

Probabilities are drawn, labels from frequent to rare, about 5 % of the cells positive. Prints the
shortest of some turns; the versions take turns, so that the machine's drift meets both. The rows
are Markdown, for benchmarks/LOG.md.
"""

import argparse
import io
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

import numpy as np

_ROOT = Path(__file__).parents[1]
_SIZES = ((1_000, 82, 5), (10_000, 1_000, 1))
"""Texts, labels, turns."""
_MEASURED = (("thresholds", "best_thresholds"), ("thresholds", "crossed_predictions"),
             ("scores", "score"))  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", metavar="COMMIT")
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    request = parser.parse_args()
    if request.one:
        module, function, n_texts, n_labels = request.one
        print(_seconds_here(module, function, int(n_texts), int(n_labels)))
        return
    with tempfile.TemporaryDirectory() as folder:
        packages = {"here": _ROOT}
        if request.against:
            packages[request.against] = _checked_out(request.against, Path(folder))
        print("| function | texts | labels | " + " | ".join(packages) + " |")
        print("|" + " --- |" * (3 + len(packages)))
        for n_texts, n_labels, n_turns in _SIZES:
            for module, function in _MEASURED:
                task = (module, function, str(n_texts), str(n_labels))
                turns = [[_seconds(task, p) for p in packages.values()] for _ in range(n_turns)]
                best = [f"{1000 * min(times):,.0f} ms" for times in zip(*turns, strict=True)]
                row = (function, f"{n_texts:,}", f"{n_labels:,}", *best)
                print("| " + " | ".join(row) + " |", flush=True)


def _checked_out(commit: str, folder: Path) -> Path:
    command = ["git", "archive", commit, "search"]
    done = subprocess.run(command, cwd=_ROOT, stdout=subprocess.PIPE, check=True)
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def _seconds(task: tuple[str, ...], package: Path) -> float:
    """Time a function of one version of the package in a process of its own."""
    command = [sys.executable, str(Path(__file__).resolve()), "--one", *task]
    done = subprocess.run(command, cwd=package, stdout=subprocess.PIPE, check=True)
    return float(done.stdout)


def _seconds_here(module: str, function: str, n_texts: int, n_labels: int) -> float:
    sys.path.insert(0, str(Path.cwd()))
    measure = getattr(__import__(f"search.metrics.{module}", fromlist=[function]), function)
    generator = np.random.default_rng(0)
    odds = 1.5 * generator.normal(size=(n_texts, n_labels)) + np.linspace(-2, -7, n_labels)
    probabilities = 1.0 / (1.0 + np.exp(-odds))
    labels = (generator.random(probabilities.shape) < probabilities).astype(np.uint8)
    times = []
    for _ in range(2):
        started = time.perf_counter()
        measure(probabilities, labels)
        times.append(time.perf_counter() - started)
    return min(times)


if __name__ == "__main__":
    main()
