"""How studies and trials are written as user attributes in Optuna's storage. Owns every key.

Keys and JSON are known here alone; the rooms above know the typed values.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from optuna.trial import FrozenTrial

from ..data.corpus import DataSource
from ..errors import StudyError
from ..metrics.comparison import Comparison
from ..metrics.learning_curves import LearningCurves
from ..space.hyperparameters import Value
from ..trial.baseline import Baseline
from ..trial.confirmation import Confirmation, Confirmations, Retraining
from ..trial.diagnosis import Diagnosis, Verdict
from ..trial.epoch import Curves
from ..trial.fingerprint import Fingerprint
from ..trial.state import StopReason, TrialState
from ..trial.training import Training
from ..trial.trial import Origin, Trial
from .candidates import decode_contest, decode_readings
from .stored_study import StoredStudy, StudySettings

Attributes = dict[str, Any]

# Of a study.
SETTINGS = "genre_search"
PROCESS = "genre_search.held."
"""What is before a random word in the names of the attributes that name a process at work."""
_TOPIC = "genre_search_"
BASELINES, CONFIRMATIONS, CURVES, CONTEST, TEST = (
    f"{_TOPIC}{topic}" for topic in ("baselines", "confirmations", "reach", "candidates", "test")
)
_LAST_SEARCHED = "last_searched"

# Of a trial.
HYPERPARAMETERS, RUN_ID, OWNER = "hyperparameters", "run_id", "owner"
REUSED, REFUSED, INTERRUPTED = "reused_from", "refused", "cut_off"
VIOLATIONS, FAILURE = "excess", "failure"
HAS_MODEL, HAS_CHECKPOINT = "has_model", "has_checkpoint"
_METRICS, _CURVES, _STOPPED = "metrics", "epochs", "stopped"
_VERDICT, _ONSET = "verdict", "onset"
_COMPARISON, _RESUMED = "against_baseline", "resumed"


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """What is written with a trial when it is enqueued."""

    start: str = ""
    """Name of its start or preset; empty for neither."""
    is_enqueued: bool = False
    """Whether the user named this configuration."""
    given: Mapping[str, Value] | None = None
    """The configuration itself where it lies outside the space; None inside."""
    n_epochs: int | None = None
    """Last epoch that it is trained to; None for the study's."""
    resumes: int | None = None
    """Number of the trial whose weights it starts from; None for a new network."""
    proposed_by: Mapping[str, Any] | None = None
    """KerasTuner's answer for it, JSON; None where KerasTuner did not propose it."""
    retry_of: int | None = None
    """Number of the interrupted trial that it repeats."""
    n_deaths: int = 0
    """How many of its processes have died so far."""


_QUEUE_FIELDS = tuple(field.name for field in fields(QueueEntry))
_TRIAL_FIELDS = ("name", "start", "is_enqueued", "n_epochs", "resumes", RUN_ID, "refusal", FAILURE,
                 "is_interrupted", HAS_MODEL, HAS_CHECKPOINT)  # fmt: skip
"""Fields of a trial that are written as they are."""
_KEYS = {"is_enqueued": "enqueued", "n_deaths": "deaths", "refusal": REFUSED,
         "is_interrupted": INTERRUPTED}  # fmt: skip
"""Keys of such fields, of trials and queue entries; the others have the name of the field."""


def encode_queue_entry(entry: QueueEntry) -> Attributes:
    """Write a queue entry; fields at their default are left out."""
    return _encode_fields(entry, _QUEUE_FIELDS)


def decode_queue_entry(attributes: Mapping[str, Any]) -> QueueEntry:
    """Read the queue entry of a trial; fields without a key have their default."""
    return QueueEntry(**_decode_fields(attributes, _QUEUE_FIELDS))


def encode_trial(trial: Trial) -> Attributes:
    """Write a trial as user attributes; fields at their default are left out.

    Number, state, values and times are kept by Optuna itself.
    """
    attributes = _encode_fields(trial, _TRIAL_FIELDS)
    attributes[HYPERPARAMETERS] = dict(trial.hyperparameters)
    if trial.violations:
        attributes[VIOLATIONS] = dict(trial.violations)
    if trial.origin is not None:
        study = {"study": trial.origin.study} if trial.origin.study else {}
        attributes[REUSED] = study | {"trial": trial.origin.number}
    if trial.has_diverged:
        attributes[_VERDICT] = Verdict.DIVERGED.value
    return attributes | encode_training(trial.training)


def decode_trial(stored: FrozenTrial) -> Trial:
    """Read a trial as Optuna stores it; keys that are not known here are skipped.

    Raises:
        StudyError: it was written by another version of this program, or is damaged.
    """
    with _reading(f"trial {stored.number}"):
        return decode_attributes(
            stored.user_attrs,
            number=stored.number,
            state=TrialState(stored.state.name),
            values=tuple(stored.values or ()),
            started=stored.datetime_start,
            ended=stored.datetime_complete,
        )


def decode_attributes(
    attributes: Mapping[str, Any],
    *,
    number: int,
    state: TrialState,
    values: tuple[float, ...],
    started: datetime | None = None,
    ended: datetime | None = None,
) -> Trial:
    """Read a trial from its user attributes and what Optuna keeps beside them."""
    origin = attributes.get(REUSED)
    training = decode_training(attributes)
    return Trial(
        number=number,
        state=state,
        values=values,
        hyperparameters=attributes.get(HYPERPARAMETERS, {}),
        training=training,
        violations=attributes.get(VIOLATIONS, {}),
        origin=None if origin is None else Origin(origin["trial"], origin.get("study", "")),
        has_diverged=training is None and attributes.get(_VERDICT) == Verdict.DIVERGED,
        started=started,
        ended=ended,
        **_decode_fields(attributes, _TRIAL_FIELDS),
    )


def encode_training(training: Training | None) -> Attributes:
    """Write the result of a training; nothing where there is none."""
    if training is None:
        return {}
    attributes = {
        _METRICS: dict(training.metrics),
        _CURVES: asdict(training.curves),
        _VERDICT: training.diagnosis.verdict.value,
        _ONSET: training.diagnosis.onset,
    }
    if training.is_resumed is not None:
        attributes[_RESUMED] = training.is_resumed
    if training.comparison is not None:
        attributes[_COMPARISON] = asdict(training.comparison)
    # Last: where it is missing, the process died between two of these writes.
    return attributes | {_STOPPED: training.stop_reason.value}


def decode_training(attributes: Mapping[str, Any]) -> Training | None:
    """Read the result of a training; None where there is none, or where it is incomplete."""
    if _STOPPED not in attributes:
        return None
    metrics, compared = attributes[_METRICS], attributes.get(_COMPARISON)
    onset = attributes[_ONSET]
    return Training(
        metrics=metrics,
        curves=Curves(**attributes[_CURVES]),
        diagnosis=Diagnosis(
            gap=metrics["gap"],
            onset=None if onset is None else int(onset),
            slope=metrics["slope"],
            verdict=Verdict(attributes[_VERDICT]),
        ),
        stop_reason=StopReason(attributes[_STOPPED]),
        comparison=None if compared is None else Comparison(**compared),
        is_resumed=attributes.get(_RESUMED),
    )


def encode_settings(settings: StudySettings) -> Attributes:
    """Write the settings of a study."""
    return asdict(settings) | {"fingerprint": settings.fingerprint.parts}


def encode_search(settings: StudySettings) -> Attributes:
    """Write the settings of a study that is being searched now."""
    return encode_settings(settings) | {_LAST_SEARCHED: datetime.now().isoformat()}


def decode_study(name: str, attributes: Mapping[str, Any]) -> StoredStudy | None:
    """Read a study; None where it has no settings: not written yet, or made by another program.

    Raises:
        StudyError: it was written by another version of this program, or is damaged.
    """
    if attributes.get(SETTINGS) is None:
        return None
    with _reading(f"study {name}"):
        written = dict(attributes[SETTINGS])
        last_searched = datetime.fromisoformat(written.pop(_LAST_SEARCHED))
        written["fingerprint"] = Fingerprint(**written["fingerprint"])
        written["source"] = DataSource(**written["source"])
        curves, contest = attributes.get(CURVES), attributes.get(CONTEST)
        return StoredStudy(
            name=name,
            settings=StudySettings(**written),
            last_searched=last_searched,
            baselines=tuple(Baseline(**entry) for entry in attributes.get(BASELINES, {}).values()),
            confirmations=_decode_confirmations(attributes.get(CONFIRMATIONS, {})),
            curves=None if curves is None else LearningCurves.from_dict(curves),
            contest=decode_contest(contest),
            test_readings=decode_readings(attributes.get(TEST, {})),
        )


@contextmanager
def _reading(what: str) -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StudyError(
            f"{what}: was written by another version of genre-search, or is damaged: {error!r}",
            "Use that version, or name another database with `storage`.",
        ) from error


def encode_confirmations(confirmations: Confirmations) -> Attributes:
    """Write the confirmations of a study by the trials' numbers."""
    return {
        str(number): [
            {"value": entry.value, RUN_ID: entry.run_id} | encode_training(entry.training)
            for entry in confirmation.retrainings
        ]
        for number, confirmation in confirmations.items()
    }


def _decode_confirmations(written: Mapping[str, Any]) -> dict[int, Confirmation]:
    return {
        int(number): Confirmation(
            int(number),
            tuple(
                Retraining(entry["value"], entry[RUN_ID], decode_training(entry))
                for entry in entries
            ),
        )
        for number, entries in written.items()
    }


def _encode_fields(value: QueueEntry | Trial, names: Sequence[str]) -> Attributes:
    """Write fields as they are, except those at their default."""
    defaults = {field.name: field.default for field in fields(value)}
    written = {name: getattr(value, name) for name in names}
    return {_KEYS.get(name, name): v for name, v in written.items() if v != defaults[name]}


def _decode_fields(attributes: Mapping[str, Any], names: Sequence[str]) -> Attributes:
    """Read the fields that were written, by their names."""
    keys = {name: _KEYS.get(name, name) for name in names}
    return {name: attributes[key] for name, key in keys.items() if key in attributes}
