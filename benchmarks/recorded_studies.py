"""Studies searched once, with what each of their models predicts kept in a file.

    python benchmarks/recorded_studies.py FILE OUT --seed 0 --held-back 0.33

A part of the file may be held back: the study never sees it, neither in training nor in validation
or test. OUT is an archive of NumPy; it is left as it is where it is there already, so that a row of
these commands can be repeated after an interruption. Other benchmarks read it.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from search import Corpus, Study, load
from search.candidates.models import Model, Models
from search.data.corpus import DataSource
from search.data.split.split import split_corpus
from search.metrics.matrices import Labels, Singles
from search.metrics.task import Task
from search.study.roster import CALIBRATED
from search.tracking.mlflow_tracker import MlflowServer
from search.tracking.trainings import MODEL_PATH
from search.trial.baseline import LINEAR
from search.trial.candidate import MILLISECONDS, PARAMETERS, Component
from search.trial.objective import OBJECTIVES

SIDES = ("val", "test", "held")


@dataclass(frozen=True)
class RecordedStudy:
    """What the models of a study predict."""

    name: str
    seed: int
    task: Task
    facts: list[dict[str, Any]]
    """Of each model: name, number (None for the linear baseline), start, metrics, loss."""
    labels: dict[str, Labels]
    """By side: val, test, and held where texts were held back."""
    probabilities: dict[str, list[Singles]]
    """By side, of each model."""

    def make_models(self, labels: Labels, probabilities: Sequence[Singles]) -> Models:
        """Make the models, best network first, for the loss."""
        members = [
            Model(
                Component(fact["name"], str(place), number=fact["number"]),
                predicted,
                n_parameters=int(fact["metrics"][PARAMETERS]),
                milliseconds_per_text=fact["metrics"][MILLISECONDS],
                is_calibrated=fact["loss"] == CALIBRATED,
            )
            for place, (fact, predicted) in enumerate(zip(self.facts, probabilities, strict=True))
        ]
        return Models(members, labels, self.task, OBJECTIVES["val_loss"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--held-back", type=float, default=0.0)
    parser.add_argument("--trials", type=int, default=12)
    arguments = parser.parse_args()
    if arguments.out.exists():
        return
    file, out = arguments.file.resolve(), arguments.out.resolve()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        recorded = record(file, arguments.seed, arguments.held_back, arguments.trials)
        part = out.with_suffix(".part.npz")
        np.savez_compressed(part, allow_pickle=False, **recorded)
        part.replace(out)


def record(file: Path, seed: int, share: float, n_trials: int) -> dict[str, Any]:
    """Search a study, and predict with each of its models."""
    whole = DataSource(str(file)).open()
    corpus, held_texts, held_labels = hold_back(whole, share, seed)
    study = Study(None, corpus, seed=seed, keep=100, tracking_uri="sqlite:///mlflow.db")
    study.search(n_trials, on_message=print)
    split = split_corpus(corpus, seed=seed)
    rows = {"val": split.validation, "test": split.test}
    texts = {side: [corpus.texts[row] for row in of_side] for side, of_side in rows.items()}
    arrays: dict[str, Any] = {f"labels/{side}": corpus.labels[rows[side]] for side in rows}
    if share:
        texts["held"], arrays["labels/held"] = held_texts, held_labels
    facts = list_facts(study)
    for place, fact in enumerate(facts):
        with tempfile.TemporaryDirectory() as folder:
            run = MlflowServer("sqlite:///mlflow.db").record(fact["run_id"])
            predictor = load(run.download(MODEL_PATH, Path(folder)))
            for side, of_side in texts.items():
                arrays[f"{side}/{place}"] = predictor.predict_probabilities(of_side)
    about = {"name": file.name, "seed": seed, "task": corpus.task.value, "facts": facts}
    return arrays | {"about": np.array(json.dumps(about))}


def hold_back(whole: Corpus, share: float, seed: int) -> tuple[Corpus, list[str], Labels]:
    """Take a random share of the texts out of a corpus; labels that are left alone there go."""
    order = np.random.default_rng(seed + 1000).permutation(len(whole.texts))
    n_held = int(len(order) * share)
    held, rest = np.sort(order[:n_held]), np.sort(order[n_held:])
    if not n_held:
        return whole, [], whole.labels[:0]

    def name_labels(row: int) -> Any:
        names = [whole.label_names[label] for label in np.flatnonzero(whole.labels[row])]
        if whole.task is Task.MULTILABEL:
            return names
        return names[0] if names else whole.negative_name

    part = Corpus.from_lists(
        [whole.texts[row] for row in rest],
        [name_labels(row) for row in rest],
        task=whole.task.value,
        name=whole.name,
    )
    columns = [whole.label_names.index(name) for name in part.label_names]
    return part, [whole.texts[row] for row in held], whole.labels[held][:, columns]


def list_facts(study: Study) -> list[dict[str, Any]]:
    """List the networks that can win, best first, and the linear baseline."""
    trials = [trial for trial in study.trials if trial.can_win and trial.has_model]
    trials.sort(key=lambda trial: trial.value or 0.0)
    facts = [
        {
            "name": trial.label,
            "number": trial.number,
            "run_id": trial.run_id,
            "start": trial.start,
            "metrics": dict(trial.metrics),
            "loss": trial.hyperparameters.get("training_loss", CALIBRATED),
        }
        for trial in trials
    ]
    linear = next(entry for entry in study.summary.baselines if entry.name == LINEAR)
    facts.append(
        {
            "name": LINEAR,
            "number": None,
            "run_id": linear.run_id,
            "start": "",
            "metrics": dict(linear.metrics),
            "loss": CALIBRATED,
        }
    )
    return facts


def read(path: Path) -> RecordedStudy:
    """Read the file of a recorded study."""
    with np.load(path, allow_pickle=False) as archive:
        arrays = dict(archive)
    about = json.loads(str(arrays["about"]))
    sides = [side for side in SIDES if f"labels/{side}" in arrays]
    places = range(len(about["facts"]))
    return RecordedStudy(
        about["name"],
        about["seed"],
        Task(about["task"]),
        about["facts"],
        {side: arrays[f"labels/{side}"] for side in sides},
        {side: [arrays[f"{side}/{place}"] for place in places] for side in sides},
    )


if __name__ == "__main__":
    main()
