"""A study in the database of studies, written down without a search."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from optuna.trial import TrialState as OptunaState
from optuna.trial import create_trial

from search.store.codec import encode_trial
from search.store.study_store import StudyStore
from search.trial.baseline import Baseline
from search.trial.trial import Trial
from tests.studies import make_settings


def write_study(folder: Path, name: str, trials: Iterable[Trial], **fingerprint: Any) -> None:
    """Write a study into the database of a folder, with label priors of 0.9 as its baseline.

    Args:
        folder: that of `studies.db`.
        name: of the study.
        trials: by number.
        fingerprint: parts of it that differ from those of `make_settings`.
    """
    settings = make_settings("0")
    settings = replace(
        settings, target=None, fingerprint=replace(settings.fingerprint, **fingerprint)
    )
    store = StudyStore(f"sqlite:///{folder / 'studies.db'}")
    study = store.create(name, settings, directions=settings.objectives.directions)
    for trial in trials:
        study.add_trial(
            create_trial(
                state=OptunaState[trial.state.value],
                values=[*trial.values] or None,
                user_attrs=encode_trial(trial),
            )
        )
    store.write_baselines(name, [Baseline("label priors", "0", {"val_loss": 0.9})])
