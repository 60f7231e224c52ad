"""How a study is opened: made, gone on with, or begun from what another has found.

Owns the order in which both stores are opened. All that can be wrong with a request is found
before either is written, so that no half-made study or run stays behind.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ..engines.database import guarded
from ..engines.engine import Engine
from ..engines.store import StudyFacts, StudyStore
from ..engines.trials import TrialState
from ..errors import StudyError, TrackingError
from ..study.result import RUN_STATUS
from ..study.reuse import is_whole
from ..study.standing import kept_of, n_done
from ..tracking.mlflow_tracker import MlflowServer, MlflowTracker, adopted_run_id
from ..tracking.record import RunStatus
from .opened import OpenStudy
from .prepared import Prepared, facts_of
from .proposing import limits_of, proposer_of
from .recorded import ended_on_error
from .recording import describe_study
from .request import SearchRequest
from .studies import find_known, records_of

_N_RETRIED = 5
"""Best trials of another study that are trained again where their values would not compare."""


@contextmanager
def opened(prepared: Prepared, say: Callable[[str], None]) -> Iterator[OpenStudy]:
    """Open a study and its run; the run ends with whatever is done within.

    Raises:
        StudyError: the study is another one than was asked for, or the one to begin from is not
            there.
        TrackingError: MLflow does not answer.
    """
    store, server = _open_stores(prepared.request)
    with guarded(store.url):
        try:
            known, _ = find_known(
                store, prepared.name, prepared.fingerprint, origin=prepared.origin
            )
        except StudyError:
            store.remove_if_new()
            raise
        if known is not None:
            _tell_left(prepared, store, say)
            # Whatever is damaged shows before anything is written.
            records_of(store, prepared.name)
        run_id = _study_run(server, prepared, {} if known is None else known.facts)
        tracker = MlflowTracker(server.client, run_id, prepared.name)
        with ended_on_error(tracker.study):
            engine = _open_engine(prepared, store, known, run_id)
            with store.held(prepared.name):
                study = OpenStudy(prepared, store, server, tracker, engine)
                if known is not None:
                    _recover(engine, tracker, say)
                    _tell_strategy(prepared, known, say)
                _begin(study, say)
                _tell_opening(study, is_new=known is None, say=say)
                describe_study(tracker, prepared)
                yield study
            tracker.study.end(RunStatus.FINISHED)


def _open_stores(request: SearchRequest) -> tuple[StudyStore, MlflowServer]:
    """Open both; where MLflow does not answer, a database of studies made just now goes again."""
    store = request.places.open_store()
    try:
        server = MlflowServer(request.places.tracking_uri)
        server.check()
        return store, server
    except TrackingError:
        store.remove_if_new()
        raise


def _open_engine(
    prepared: Prepared, store: StudyStore, known: StudyFacts | None, run_id: str
) -> Engine:
    request = prepared.request
    facts = facts_of(prepared, run_id)
    if known is None:
        facts |= {"begun_from": prepared.origin, "is_begun": False}
        study = store.create(prepared.name, facts, directions=request.objectives.directions)
    else:
        study = store.load(prepared.name)
        store.stamp(prepared.name, known.facts | facts)
    engine = Engine(study, prepared.space, proposer_of(prepared), seed=request.seed)
    for preset in prepared.enqueued:
        engine.enqueue(preset.name, preset.configuration(), preset.hyperparameters)
    return engine


def _begin(study: OpenStudy, say: Callable[[str], None]) -> None:
    """Put what is tried first behind what waits, unless that is done; after a crash the rest."""
    name, store = study.prepared.name, study.store
    facts = store.find(name).facts
    # Studies of version 0.1 do not say.
    if facts.get("is_begun", True):
        return
    if facts["begun_from"] is not None:
        _begin_from(study, store.find(facts["begun_from"]), say)
    study.engine.enqueue_starts()
    store.stamp(name, facts | {"is_begun": True})


def _begin_from(study: OpenStudy, origin: StudyFacts, say: Callable[[str], None]) -> None:
    """Let a new study begin with what another has found.

    Where values of the two compare, the other's trials are told to what proposes; else its best
    are tried again.
    """
    prepared, objective = study.prepared, study.prepared.request.objective
    records = records_of(study.store, origin.name)
    if prepared.fingerprint.is_comparable(origin.facts["fingerprint"]):
        n_epochs = prepared.request.n_epochs
        whole = [record for record in records if is_whole(record, n_epochs)]
        n_taken = study.engine.take_over(origin.name, whole, prepared.request.budget.excess_of)
        say(f"{n_taken} trials of {origin.name} are known to the search; they do not count")
    else:
        best = kept_of(records, objective, _N_RETRIED)
        study.engine.enqueue_from(origin.name, best)
        say(
            f"the best {len(best)} trials of {origin.name} are tried first: its data, split, "
            "objective or epochs differ, so its values do not compare"
        )


def _study_run(server: MlflowServer, prepared: Prepared, facts: Mapping[str, Any]) -> str:
    """Find or make the study's run: its first one, the one `mlflow run` made, or a new one."""
    adopted = adopted_run_id()
    known = facts.get("study_run_id")
    if known is not None and server.experiment_of(known) is not None:
        if adopted not in (None, known) and server.experiment_of(str(adopted)) is not None:
            server.record(str(adopted)).tags({"study_run_id": known, "study": prepared.name})
        server.restart(known, prepared.name)
        return str(known)
    return server.open_run(prepared.request.experiment, prepared.name)


def _tell_strategy(prepared: Prepared, known: StudyFacts, say: Callable[[str], None]) -> None:
    """Tell where a study goes on with another way of proposing than it had."""
    before, here = known.facts.get("strategy"), prepared.request.strategy.as_dict()
    if before not in (None, here):
        changed = [key for key in here if here[key] != before.get(key)]
        parts = (f"{key} was {before.get(key)}, is {here[key]}" for key in changed)
        say(f"study {prepared.name} goes on otherwise: {'; '.join(parts)}")


def _tell_left(prepared: Prepared, store: StudyStore, say: Callable[[str], None]) -> None:
    """Tell how much of a study is done, without reading its trials in full."""
    name, n_trials = prepared.name, prepared.request.budget.n_trials
    say(f"study {name} goes on: {n_done(store.outcomes(name))} of {n_trials} trials are done")


def _tell_opening(study: OpenStudy, *, is_new: bool, say: Callable[[str], None]) -> None:
    """Tell what a new study will do, what the engine cannot do of it, and what will wait."""
    prepared, engine = study.prepared, study.engine
    n_trials = prepared.request.budget.n_trials
    if is_new:
        say(f"study {prepared.name}: {n_trials} trials")
    for limit in limits_of(prepared):
        say(limit)
    n_left = max(0, n_trials - n_done(engine.records()))
    _tell_waiting(prepared, engine.waiting()[n_left:], say)


def _tell_waiting(prepared: Prepared, beyond: Sequence[str], say: Callable[[str], None]) -> None:
    """Tell which of the enqueued presets there are not trials enough for."""
    names = [preset.name for preset in prepared.enqueued if preset.name in beyond]
    if names:
        n_trials = prepared.request.budget.n_trials
        say(f"{', '.join(names)} will wait: raise --trials, there are {n_trials} in all")


def _recover(engine: Engine, tracker: MlflowTracker, say: Callable[[str], None]) -> None:
    """End in both stores what a process that died left open."""
    for record in engine.sweep():
        say(f"trial {record.number} was cut off when its process ended; it will be run again")
    trials = {record.facts.get("run_id"): record for record in engine.records()}
    for run_id in tracker.running():
        trial = trials.get(run_id)
        state = TrialState.FAIL if trial is None else trial.state
        if state in RUN_STATUS:
            run, facts = tracker.reopen(run_id), {} if trial is None else trial.facts
            told = ("verdict", "onset", "stopped", "failure")
            run.metrics(facts.get("metrics", {}))
            run.tags({"state": state.value} | {key: facts[key] for key in told if key in facts})
            run.end(RUN_STATUS[state])
