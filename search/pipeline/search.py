"""Run a study from its request to its summary. Owns the order in which everything is opened.

All that can be wrong with the request is found before either store is written, so that no
half-made study or run stays behind.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..engines.optuna_engine import OptunaEngine
from ..engines.store import StudyStore
from ..engines.trials import TrialState
from ..errors import TrackingError
from ..report.summary import Summary
from ..study.events import Event
from ..study.loop import RUN_STATUS, Ending
from ..study.standing import n_done
from ..tracking.mlflow_tracker import MlflowServer, MlflowTracker, adopted_run_id
from ..tracking.record import RunStatus
from .opened import OpenStudy
from .prepared import Prepared, facts_of, prepare
from .recorded import ended_on_error
from .recording import describe_study, draw_best, record_standing
from .request import SearchRequest
from .stages import run_stages


@dataclass(frozen=True, slots=True)
class SearchReport:
    """What a search came to."""

    summary: Summary
    ending: Ending
    is_idle: bool
    """Whether all was done before, and nothing was run this time."""
    experiment_id: str
    study_run_id: str
    tracking_uri: str


def search(
    request: SearchRequest,
    listen: Callable[[Event], None],
    say: Callable[[str], None],
    is_interrupted: Callable[[], bool],
) -> SearchReport:
    """Run a study, or go on with the one that the same request began.

    Args:
        request: what to search, and for how long.
        listen: called with each event while trials run.
        say: called with each sentence that the user should read.
        is_interrupted: asked before each batch whether the user wants to stop.

    Raises:
        DataError, SpaceError: the corpus or the space cannot be used; nothing was written.
        StudyError: the study is another one than was asked for, or its trials fail.
        TrackingError: MLflow does not answer.
    """
    prepared = prepare(request, say)
    store, server = _open_stores(request)
    is_resumed = store.exists(prepared.name)
    facts: dict[str, Any] = store.find(prepared.name).facts if is_resumed else {}
    if is_resumed:
        prepared.fingerprint.check(facts["fingerprint"], prepared.name)
    run_id = _study_run(server, prepared, facts)
    tracker = MlflowTracker(server.client, run_id, prepared.name)
    with ended_on_error(tracker.study):
        engine = _open_study(prepared, store, facts | facts_of(prepared, run_id), is_resumed)
        study = OpenStudy(prepared, store, server, tracker, engine)
        if is_resumed:
            _recover(engine, tracker, say)
        n_before, results_before = n_done(engine.records()), study.results
        say(_opening(prepared, is_resumed, n_before))
        _tell_waiting(prepared, engine.waiting()[max(0, request.budget.n_trials - n_before) :], say)
        describe_study(tracker, prepared)
        try:
            ending = run_stages(study, listen, say, is_interrupted)
        finally:
            record_standing(study)
            draw_best(study)
        tracker.study.end(RunStatus.FINISHED)
    summary = study.summary()
    is_idle = n_done(summary.records) == n_before and study.results == results_before
    experiment_id = server.experiment_of(run_id) or ""
    return SearchReport(summary, ending, is_idle, experiment_id, run_id, server.uri)


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


def _open_study(
    prepared: Prepared, store: StudyStore, facts: dict[str, Any], is_resumed: bool
) -> OptunaEngine:
    request = prepared.request
    if is_resumed:
        study = store.load(prepared.name)
        store.stamp(prepared.name, facts)
    else:
        is_minimized = request.objective.is_minimized
        study = store.create(prepared.name, facts, is_minimized=is_minimized)
    engine = OptunaEngine(
        study,
        store.storage,
        prepared.space,
        seed=request.seed,
        n_startup_trials=max(4, request.budget.n_trials // 4),
    )
    for preset in prepared.enqueued:
        engine.enqueue(preset.name, preset.configuration(), preset.hyperparameters)
    if not is_resumed:
        engine.enqueue_starts()
    return engine


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


def _opening(prepared: Prepared, is_resumed: bool, n_before: int) -> str:
    n_trials = prepared.request.budget.n_trials
    if is_resumed:
        return f"study {prepared.name} goes on: {n_before} of {n_trials} trials are done"
    return f"study {prepared.name}: {n_trials} trials"


def _tell_waiting(prepared: Prepared, beyond: Sequence[str], say: Callable[[str], None]) -> None:
    """Tell which of the enqueued presets there are not trials enough for."""
    names = [preset.name for preset in prepared.enqueued if preset.name in beyond]
    if names:
        n_trials = prepared.request.budget.n_trials
        say(f"{', '.join(names)} will wait: raise --trials, there are {n_trials} in all")


def _recover(engine: OptunaEngine, tracker: MlflowTracker, say: Callable[[str], None]) -> None:
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
