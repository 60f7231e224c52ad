"""Train every system of the course notes on real data; keep what came of it, job by job.

Run: GENRE_SEARCH_DATA=FOLDER python benchmarks/course_notes.py [JOB …]

Each job is one `genre-search train`, in a process of its own. What it came to goes to
benchmarks/course_notes.jsonl, one line a job with commit and hardware; jobs that stand there are
not run again, so the script goes on where it was stopped. `docs/course-notes.md` is made from that
file by `course_notes_page.py`.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from search.space.shipped_files import list_presets, open_preset

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).with_suffix(".jsonl")
FILES = {
    "imdb": "imdb_reviews.jsonl.gz",
    "netflix": "netflix_titles.csv",
    "rt-polarity": "rt_polarity.csv",
    "synopses": "synopses",
}
_SEEDS = (0, 1, 2)


@dataclass(frozen=True, slots=True)
class Job:
    """One training."""

    preset: str
    corpus: str
    seed: int = 0
    n_epochs: int | None = None
    """None for the preset's own."""
    changes: dict[str, Any] = field(default_factory=dict)
    """Hyperparameters that differ from the preset's."""

    @property
    def name(self) -> str:
        """Name the job by all that makes it another one."""
        epochs = [] if self.n_epochs is None else [f"{self.n_epochs} epochs"]
        changes = [f"{key}={value}" for key, value in self.changes.items()]
        return ", ".join(
            [f"{self.preset} on {self.corpus}", *changes, *epochs, f"seed {self.seed}"]
        )


def jobs() -> Iterator[Job]:
    """List all jobs in the order in which they are run."""
    reviews = [name for name in list_presets() if name.startswith("imdb")]
    genres = [name for name in list_presets() if name.startswith("genre")]
    yield from (Job(name, "imdb") for name in reviews)
    yield from (Job(name, corpus) for name in genres for corpus in ("netflix", "synopses"))
    yield from (job for seed in _SEEDS[:2] for job in _on_another_data_set(seed))
    yield Job("imdb-cnn-lstm-100-dropout", "imdb", n_epochs=10)
    yield from _on_another_data_set(_SEEDS[2])
    yield from (Job(name, "imdb", seed) for seed in _SEEDS[1:] for name in reviews)


def _on_another_data_set(seed: int) -> Iterator[Job]:
    """List one layer or two, one direction or both; and one network with four optimizers."""
    one_way = {"bidirectional": False}
    yield Job("imdb-bilstm", "rt-polarity", seed, changes=one_way)
    yield Job("imdb-bilstm", "rt-polarity", seed, changes=one_way | {"padding": "pre"})
    yield Job("imdb-bilstm", "rt-polarity", seed)
    yield Job("imdb-deep-lstm", "rt-polarity", seed)
    yield Job("imdb-deep-bilstm", "rt-polarity", seed)
    for optimizer in ("rmsprop", "nadam", "sgd"):
        yield Job("imdb-bilstm", "rt-polarity", seed, changes={"optimizer": optimizer})


def run(job: Job, folder: Path) -> dict[str, Any]:
    """Train one job; give what it came to.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    path = FILES[job.corpus]
    data = path if job.corpus == "synopses" else str(Path(os.environ["GENRE_SEARCH_DATA"], path))
    command = [sys.executable, "-m", "search", "train", "--data", data, "--format", "json"]
    command += ["--seed", str(job.seed), "--tracking-uri", f"sqlite:///{folder}/mlflow.db"]
    preset = open_preset(job.preset)
    epochs = job.n_epochs or preset.n_epochs
    command += ["--epochs", str(epochs)]
    if job.changes:
        params = folder / "params.json"
        params.write_text(json.dumps({**preset.hyperparameters, **job.changes}))
        command += ["--params", str(params)]
    else:
        command += ["--preset", job.preset]
    if job.corpus == "imdb":
        command += ["--evaluate-test", "yes"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    started = time.time()
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    shown = [part if part != data else f"$GENRE_SEARCH_DATA/{path}" for part in command[2:]]
    return {
        "job": job.name,
        "preset": job.preset,
        "corpus": job.corpus,
        "changes": job.changes,
        "seed": job.seed,
        "n_epochs": epochs,
        "result": json.loads(done.stdout),
        "wall_seconds": round(time.time() - started),
        "command": " ".join(["genre-search", *shown[1:]]),
        "commit": _commit(),
        "hardware": f"{os.cpu_count()} cores, {platform.machine()}",
    }


def _commit() -> str:
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def results() -> dict[str, dict[str, Any]]:
    """Read what is there, by the job's name."""
    lines = RESULTS.read_text("utf-8").splitlines() if RESULTS.exists() else []
    return {entry["job"]: entry for entry in map(json.loads, lines)}


def main() -> None:
    wanted = sys.argv[1:]
    for job in jobs():
        if job.name in results() or not all(word in job.name for word in wanted):
            continue
        print(time.strftime("%H:%M:%S"), job.name, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            entry = run(job, Path(folder))
        with RESULTS.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
