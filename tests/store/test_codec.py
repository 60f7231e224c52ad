"""What is written into Optuna's storage is read from it again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import optuna
import pytest
from optuna.trial import FrozenTrial, create_trial

from search.data.corpus import DataSource
from search.errors import StudyError
from search.metrics.comparison import Comparison
from search.metrics.extrapolation import Extrapolation
from search.metrics.learning_curves import LearningCurves
from search.metrics.power_law import PowerLaw
from search.store.codec import (
    SETTINGS,
    TEST,
    QueueEntry,
    decode_queue_entry,
    decode_trial,
    encode_queue_entry,
    encode_training,
    encode_trial,
)
from search.store.stored_study import StoredStudy, StudySettings
from search.store.study_store import StudyStore
from search.trial.baseline import LINEAR, PRIORS, Baseline
from search.trial.candidate import Candidate, Component, Contest, Kind, SealedReading
from search.trial.confirmation import Confirmation, Retraining
from search.trial.diagnosis import Diagnosis, Verdict
from search.trial.epoch import Curves
from search.trial.fingerprint import Fingerprint
from search.trial.objective import Direction
from search.trial.state import StopReason, TrialState
from search.trial.training import Training
from search.trial.trial import Origin, Trial
from tests.store.settings import make_settings

TRAINING = Training(
    metrics={"val_loss": 0.25, "gap": 0.125, "slope": -0.5, "parameters": 1234.0},
    curves=Curves([0.5, 0.125], [0.5, 0.25], [0.75, 1.0], [0.5, 0.75], [0.0, 0.5]),
    diagnosis=Diagnosis(gap=0.125, onset=None, slope=-0.5, verdict=Verdict.FIT),
    stop_reason=StopReason.EPOCHS,
)
COMPARISON = Comparison(difference=-0.25, low=-0.5, high=0.125, level=0.9)
RESUMED = replace(
    TRAINING,
    diagnosis=Diagnosis(gap=0.125, onset=3, slope=-0.5, verdict=Verdict.OVERFIT),
    stop_reason=StopReason.EARLY,
    comparison=COMPARISON,
    is_resumed=False,
)
BARE = Trial(0, TrialState.COMPLETE, (0.25,), {"cell": "gru", "units_1": 8, "dropout": 0.5})
FAILED = replace(BARE, state=TrialState.FAIL, values=())
TRIALS = {
    "bare": BARE,
    "trained": replace(BARE, name="#0 gru 8", run_id="a" * 32, training=TRAINING),
    "resumed": replace(BARE, training=RESUMED, n_epochs=9, resumes=0, has_checkpoint=True),
    "kept": replace(BARE, training=TRAINING, has_model=True),
    "enqueued": replace(BARE, start="lstm-100", is_enqueued=True),
    "infeasible": replace(BARE, violations={"gap": 0.5, "parameters": -0.25}),
    "two objectives": replace(BARE, values=(0.25, 1234.0)),
    "pruned": replace(BARE, state=TrialState.PRUNED, training=TRAINING),
    "running": replace(FAILED, state=TrialState.RUNNING, run_id="a" * 32),
    "failed": replace(FAILED, failure="ValueError: no"),
    "diverged": replace(FAILED, failure="no number", has_diverged=True),
    "interrupted": replace(FAILED, failure="Ctrl-C", is_interrupted=True),
    "refused": replace(FAILED, refusal="9 parameters > 8", violations={"parameters": 0.125}),
    "reused": replace(BARE, origin=Origin(0)),
    "adopted": replace(BARE, origin=Origin(3, "reviews")),
}


def write(store: StudyStore, trial: Trial, attributes: Mapping[str, Any]) -> None:
    """Write one trial of a new study into the database."""
    ways: list[Direction] = ["minimize"] * max(1, len(trial.values))
    study = store.create("films", make_settings(), directions=ways)
    stored = create_trial(
        state=optuna.trial.TrialState[trial.state.value],
        values=list(trial.values) or None,
        user_attrs=dict(attributes),
    )
    study.add_trial(stored)


def read(store: StudyStore) -> FrozenTrial:
    """Read that trial as another process does."""
    (stored,) = StudyStore(store.url).load("films").get_trials()
    return stored


def store_attributes(store: StudyStore, attributes: Mapping[str, Any]) -> Trial:
    write(store, BARE, attributes)
    return decode_trial(read(store))


# Trials.


@pytest.mark.parametrize("name", TRIALS)
def test_a_trial_is_read_as_it_was_written(store: StudyStore, name: str) -> None:
    trial = TRIALS[name]
    write(store, trial, encode_trial(trial))
    stored = read(store)
    started, ended = stored.datetime_start, stored.datetime_complete
    assert decode_trial(stored) == replace(trial, started=started, ended=ended)


def test_a_trial_has_the_times_of_its_start_and_end(store: StudyStore) -> None:
    study = store.create("films", make_settings(), directions=["minimize"])
    study.tell(study.ask(), 0.5)
    (trial,) = store.trials("films")
    assert trial.started is not None and trial.ended is not None
    assert trial.started <= trial.ended


def test_what_is_empty_is_not_written() -> None:
    assert set(encode_trial(BARE)) == {"hyperparameters"}


def test_a_trial_without_any_key_is_empty(store: StudyStore) -> None:
    trial = store_attributes(store, {})
    assert replace(trial, started=None, ended=None) == replace(BARE, hyperparameters={})


def test_keys_that_nobody_knows_are_skipped(store: StudyStore) -> None:
    known = encode_trial(TRIALS["trained"])
    trial = store_attributes(store, known | {"owner": {"pid": 1}, "colour": "red"})
    assert replace(trial, started=None, ended=None) == TRIALS["trained"]


def test_a_training_that_is_written_in_part_is_none(store: StudyStore) -> None:
    # Each attribute is a write of its own, and a process may die after any of them.
    written = list(encode_training(RESUMED).items())
    study = store.create("films", make_settings(), directions=["minimize"])
    for n_written in range(len(written) + 1):
        study.add_trial(create_trial(value=0.25, user_attrs=dict(written[:n_written])))
    trainings = [trial.training for trial in StudyStore(store.url).trials("films")]
    assert trainings == [None] * len(written) + [RESUMED]


# The queue.


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(QueueEntry(), id="empty"),
        pytest.param(QueueEntry("small", is_enqueued=True, given={"cell": "gru"}), id="preset"),
        pytest.param(QueueEntry(n_epochs=9, resumes=0, retry_of=0, n_deaths=2), id="first-trial"),
        pytest.param(QueueEntry(resumes=4, proposed_by={"id": "3"}, retry_of=5), id="promotion"),
    ],
)
def test_a_queue_entry_is_read_as_it_was_written(store: StudyStore, entry: QueueEntry) -> None:
    study = store.create("films", make_settings(), directions=["minimize"])
    study.enqueue_trial({}, user_attrs=encode_queue_entry(entry))
    assert decode_queue_entry(read(store).user_attrs) == entry


def test_an_empty_queue_entry_has_no_keys() -> None:
    assert encode_queue_entry(QueueEntry()) == {}


def test_a_queue_entry_skips_the_keys_of_the_trial() -> None:
    assert decode_queue_entry({"hyperparameters": {}, "start": "ours"}) == QueueEntry("ours")


# Studies.

FULL = make_settings(
    fingerprint=Fingerprint(
        data="d" * 64,
        split="e" * 64,
        space="f" * 64,
        objective="macro_f1,parameters",
        epochs=9,
        seed=3,
        max_gap=0.25,
        embeddings="a" * 64,
        engine="keras-tuner hyperband",
    ),
    source=DataSource(
        "films.csv",
        text_column="plot",
        label_columns=("war", "is_*"),
        label_separator="|",
        empty_labels="keep",
        merge_label_case=True,
        delimiter=";",
        quote="'",
        header=False,
        encoding="windows-1252",
        skip_bad_rows=0.05,
        mask_label_names=True,
        name="my films",
    ),
    target=None,
    floor=0.125,
    leaks=True,
    embeddings="glove.txt",
    begun_from="reviews",
    is_begun=False,
)


@pytest.mark.parametrize(
    "settings", [pytest.param(make_settings(), id="least"), pytest.param(FULL, id="all")]
)
def test_settings_are_read_as_they_were_written(store: StudyStore, settings: StudySettings) -> None:
    store.create("films", settings, directions=["minimize"])
    found = StudyStore(store.url).read("films")
    assert found is not None
    assert found == StoredStudy("films", settings, found.last_searched)


def test_results_of_a_study_are_read_as_they_were_written(store: StudyStore) -> None:
    baselines = (
        Baseline(PRIORS, "a" * 32, {"val_loss": 0.5}),
        Baseline(LINEAR, "b" * 32, {"val_loss": 0.25, "f1_macro": 0.75}),
    )
    confirmations = {
        number: Confirmation(
            number, (Retraining(0.25, "c" * 32, TRAINING), Retraining(0.5), Retraining(0.125))
        )
        for number in (10, 2)
    }
    law = PowerLaw(asymptote=0.125, scale=2.0, exponent=0.5)
    extrapolation = Extrapolation(
        law, 1000, 10.0, 0.25, 0.125, 0.5, 0.9, 0.05, None, None, multiple_high=None
    )
    curves = LearningCurves(2, extrapolation, replace(extrapolation, multiple=4.0))
    contest = Contest(
        (Candidate(Kind.NETWORK, (Component("#2", "c" * 32, number=2),), {}),), Kind.NETWORK
    )
    readings = {"1 b": SealedReading("TF-IDF", {"loss": 0.25}), "1 c": SealedReading("#2", {})}
    store.create("films", FULL, directions=["minimize"])
    store.write_baselines("films", baselines)
    store.write_confirmations("films", confirmations)
    store.write_curves("films", curves)
    store.write_contest("films", contest)
    store.write_test_readings("films", readings)
    found = StudyStore(store.url).find("films")
    assert found.settings == FULL
    assert found.results == (baselines, confirmations, curves, contest, readings)
    assert list(found.confirmations) == [10, 2]


def test_readings_by_the_number_of_a_trial_are_still_read(store: StudyStore) -> None:
    study = store.create("films", make_settings(), directions=["minimize"])
    study.set_user_attr(TEST, {"3": {"loss": 0.25}})
    assert store.find("films").test_readings == {"3": SealedReading("trial 3", {"loss": 0.25})}


def test_a_study_without_settings_is_none(store: StudyStore) -> None:
    optuna.create_study(storage=store.storage, study_name="films")
    assert store.read("films") is None
    assert store.studies() == []


def replace_settings(store: StudyStore, settings: Mapping[str, Any]) -> None:
    store.load("films").set_user_attr(SETTINGS, dict(settings))


@pytest.mark.parametrize(
    ("part", "field"),
    [
        pytest.param(None, "leaks", id="setting"),
        pytest.param("fingerprint", "split", id="fingerprint"),
        pytest.param("source", "source", id="source"),
    ],
)
@pytest.mark.parametrize("is_missing", [True, False], ids=["missing", "unknown"])
def test_settings_of_another_version_are_refused_with_what_differs(
    store: StudyStore, part: str | None, field: str, is_missing: bool
) -> None:
    store.create("films", make_settings(), directions=["minimize"])
    settings = dict(store.load("films").user_attrs[SETTINGS])
    changed = settings if part is None else settings[part]
    if is_missing:
        del changed[field]
    else:
        changed["colour"] = "red"
    replace_settings(store, settings)
    with pytest.raises(StudyError, match=r"study films: .*another version") as refused:
        store.find("films")
    assert (field if is_missing else "colour") in refused.value.message
    assert "`storage`" in refused.value.hint


def test_settings_that_may_be_left_out_have_their_defaults(store: StudyStore) -> None:
    store.create("films", make_settings(begun_from="reviews"), directions=["minimize"])
    settings = dict(store.load("films").user_attrs[SETTINGS])
    del settings["begun_from"]
    replace_settings(store, settings)
    assert store.find("films").settings == make_settings()
