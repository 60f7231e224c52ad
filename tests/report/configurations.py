"""Configurations with trainings, made by hand."""

from search.report.configurations import MEASURES, ComparedRow, ComparedTraining
from search.trial.diagnosis import Verdict
from tests.trials import make_training


def training(
    seed: int = 0, value: float = 0.5, *, verdict: str = "fit", onset: int | None = None,
    n_epochs: int = 3,
) -> ComparedTraining:  # fmt: skip
    """Make a training that has the same number everywhere."""
    # The accuracy on validation is recorded without a prefix.
    metrics = dict.fromkeys((*MEASURES, "accuracy"), value) | {"val_accuracy": -1.0}
    trained = make_training(metrics, Verdict(verdict), onset=onset, n_epochs=n_epochs, curve=value)
    return ComparedTraining(seed, f"run-{seed}", trained)


def diverged(seed: int = 0) -> ComparedTraining:
    return ComparedTraining(seed, f"run-{seed}", None)


def row(*trainings: ComparedTraining, name: str = "LSTM") -> ComparedRow:
    return ComparedRow(name, 175_826, trainings or (training(),))


def row_of(*values: float) -> ComparedRow:
    return row(*(training(seed, value) for seed, value in enumerate(values)))
