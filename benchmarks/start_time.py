"""Hold the start of `genre-search --help` against that of a bare `import click`, turn by turn.

    python benchmarks/start_time.py

Prints medians and the ratio pair by pair; the machine's drift falls out of the ratio.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

_N_PAIRS = 15


def main() -> None:
    package = Path(__file__).parents[1]
    ours = [sys.executable, "-m", "search", "--help"]
    bare = [sys.executable, "-c", "import click"]
    pairs = [(_seconds(ours, package), _seconds(bare, package)) for _ in range(_N_PAIRS + 1)][1:]
    ratios = [a / b for a, b in pairs]
    print(f"--help {statistics.median(a for a, _ in pairs) * 1000:.0f} ms")
    print(f"import click {statistics.median(b for _, b in pairs) * 1000:.0f} ms")
    print(f"ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


def _seconds(command: list[str], folder: Path) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
