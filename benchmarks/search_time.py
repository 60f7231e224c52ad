"""Run whole searches as a user would, and print what each found and how long it took.

    python benchmarks/search_time.py --seeds 0 1
    python benchmarks/search_time.py --data netflix_titles.csv --trials 30 --seeds 0

Each search runs in a temporary folder of its own, in a process of its own; its wall clock counts
everything from the start of Python on. The rows are Markdown, for benchmarks/LOG.md.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="synopses")
    parser.add_argument("--space", default="genre")
    parser.add_argument("--trials", type=int, default=12)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    request = parser.parse_args()
    source = str(Path(request.data).resolve()) if Path(request.data).exists() else request.data
    options = ["--data", source, "--space", request.space, "--trials", str(request.trials)]
    if request.epochs:
        options += ["--epochs", str(request.epochs)]
    print(
        "| data | space | seed | trials | best | val_loss | F1 micro | F1 macro | minutes "
        "| peak GiB |"
    )
    print("|" + " --- |" * 10)
    for seed in request.seeds:
        started = time.monotonic()
        rows = _search([*options, "--seed", str(seed)])
        minutes = (time.monotonic() - started) / 60
        best, states = rows[0], [row["state"] for row in rows]
        counts = ", ".join(f"{states.count(s)} {s.lower()}" for s in dict.fromkeys(states))
        print(
            f"| {Path(source).stem} | {request.space} | {seed} | {counts} | {best['name']} "
            f"| {best['val_loss']:.4f} | {best['f1_micro']:.3f} | {best['f1_macro']:.3f} "
            f"| {minutes:.1f} | {_peak_gib():.1f} |",
            flush=True,
        )


def _search(options: list[str]) -> list[dict[str, object]]:
    package = str(Path(__file__).parents[1])
    environment = os.environ | {"PYTHONPATH": package}
    with tempfile.TemporaryDirectory() as folder:
        for command in (["search", *options], ["trials", "--format", "json"]):
            done = subprocess.run(
                [sys.executable, "-m", "search", *command],
                cwd=folder,
                env=environment,
                stdout=subprocess.PIPE,
                check=True,
            )
    return json.loads(done.stdout)


def _peak_gib() -> float:
    """Give the memory of the largest process that was waited for so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20


if __name__ == "__main__":
    main()
