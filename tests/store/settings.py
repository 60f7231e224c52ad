"""Settings of a study for tests that need some."""

from typing import Any

from search.data.corpus import DataSource
from search.store.stored_study import StudySettings
from search.trial.fingerprint import Fingerprint


def make_settings(**changes: Any) -> StudySettings:
    """Make settings, some of them changed."""
    settings: dict[str, Any] = {
        "fingerprint": Fingerprint(
            data="d" * 64,
            split="e" * 64,
            space="f" * 64,
            objective="val_loss",
            epochs=15,
            seed=0,
        ),
        "source": DataSource("films.csv"),
        "corpus": "films",
        "space": "tiny",
        "target": 0.05,
        "prior_loss": 0.5,
        "forced_loss": 0.0,
        "floor": None,
        "leaks": False,
        "study_run_id": "run of the study",
        "strategy": {"engine": "optuna", "sampler": "tpe"},
        "n_trials": 20,
        "embeddings": None,
    }
    return StudySettings(**settings | changes)
