"""How a study is opened: created, resumed, or started from another study.

Owns the order in which both stores are opened. All that can be wrong with a study is found before
either is written, so that no half-made study or run stays behind.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ..data.json_lines import write_corpus
from ..errors import DataError, StudyError, TrackingError
from ..store.database import find_path, study_errors
from ..store.stored_study import StoredStudy
from ..store.study_store import StudyStore
from ..store.trial_store import TrialStore
from ..tracking.mlflow_tracker import MlflowServer, MlflowTracker, adopted_run_id
from ..tracking.record import RunStatus
from ..training.recorded_run import ended_on_error
from ..training.task_fit import is_loss_possible
from ..trial.control import Control
from ..trial.ranking import best_trials, count_done
from .budget import Budget
from .description import describe_study
from .places import Places
from .reading import find_known
from .recovery import recover
from .reuse import is_complete
from .session import Session
from .setup import Setup

_N_RETRIED = 5
"""Best trials of another study that are trained again where their values would not compare."""


@contextmanager
def open_session(
    setup: Setup, budget: Budget, places: Places, control: Control
) -> Iterator[Session]:
    """Open a study and its run; the run ends with the block.

    Raises:
        DataError: texts in memory cannot be kept beside the database.
        StudyError: the study is another one than was asked for, or the one to start from is not
            there.
        TrackingError: MLflow does not answer.
    """
    store = places.open_store()
    with study_errors(store.url):
        try:
            server = MlflowServer(places.tracking_uri)
            server.check()
            known = _find_known(setup, budget, store, control)
            setup = _keep_texts(setup, store)
        except (StudyError, DataError, TrackingError):
            store.remove_if_new()
            raise
        is_alone = known is None or not store.is_open_here(setup.name)
        run_id = _open_study_run(server, setup, known)
        tracker = MlflowTracker(server.client, run_id, setup.name)
        with ended_on_error(tracker.study):
            trial_store = _open_trials(setup, budget, store, known, run_id)
            with store.process_noted(setup.name):
                session = Session(setup, budget, store, server, tracker, trial_store)
                if known is not None:
                    recover(trial_store, tracker, control, is_alone=is_alone)
                    _say_strategy(setup, known, control)
                _begin(session, control)
                _say_opening(session, is_new=known is None, control=control)
                describe_study(tracker, setup)
                yield session
            tracker.study.end(RunStatus.FINISHED)


def _find_known(
    setup: Setup, budget: Budget, store: StudyStore, control: Control
) -> StoredStudy | None:
    """Find a study that is there, and say how much of it is done.

    Raises:
        StudyError: it is another one than was asked for, or is damaged; before anything is written.
    """
    known = find_known(store, setup.name, setup.fingerprint, start_from=setup.plan.start_from)
    if known is not None:
        # Counted first: it takes long to read many trials in full.
        n_done = count_done(store.outcomes(setup.name))
        control.say(f"study {setup.name} continues: {n_done} of {budget.n_trials} trials are done")
        store.trials(setup.name)
    return known


def _keep_texts(setup: Setup, store: StudyStore) -> Setup:
    """Write texts in memory to a file beside the database, so that the study can be exported.

    Raises:
        DataError: it cannot be written.
    """
    corpus = setup.corpus
    if corpus.source is not None:
        return setup
    database = find_path(store.url) or Path("studies.db")
    kind = "-multiclass" if corpus.task.is_multiclass else ""
    path = database.parent / "corpora" / f"{corpus.sha256[:16]}{kind}.jsonl"
    kept = corpus.with_source(write_corpus(corpus, path))
    return replace(setup, divided=replace(setup.divided, corpus=kept))


def _open_trials(
    setup: Setup, budget: Budget, store: StudyStore, known: StoredStudy | None, run_id: str
) -> TrialStore:
    plan = setup.plan
    settings = setup.make_settings(budget, run_id)
    if known is None:
        settings = replace(settings, begun_from=plan.start_from, is_begun=False)
        study = store.create(setup.name, settings, directions=plan.objectives.directions)
    else:
        study, before = store.load(setup.name), known.settings
        settings = replace(settings, begun_from=before.begun_from, is_begun=before.is_begun)
        store.write_settings(setup.name, settings)
    trial_store = TrialStore(study, plan.space, setup.make_proposer(), seed=plan.seed)
    for preset in plan.enqueued:
        trial_store.enqueue_preset(preset)
    return trial_store


def _begin(session: Session, control: Control) -> None:
    """Enqueue what is tried first, unless that is done; after a crash the rest."""
    store, stored = session.store, session.stored
    settings = stored.settings
    if settings.is_begun:
        return
    if settings.begun_from is not None:
        _begin_from(session, store.find(settings.begun_from), control)
    session.trial_store.enqueue_starts()
    store.write_settings(stored.name, replace(settings, is_begun=True))


def _begin_from(session: Session, origin: StoredStudy, control: Control) -> None:
    """Let a new study begin with what another has found.

    Where values of the two compare, the sampler learns from the other's trials; else its best are
    tried again.
    """
    setup, plan = session.setup, session.plan
    trials = session.store.trials(origin.name)
    if setup.fingerprint.is_comparable(origin.settings.fingerprint):
        complete = [trial for trial in trials if is_complete(trial, plan.n_epochs)]
        n_adopted = session.trial_store.adopt(origin.name, complete, plan.limits)
        control.say(
            f"the search learns from {n_adopted} trials of {origin.name}; they do not count"
        )
    else:
        fitting = [t for t in trials if is_loss_possible(t.hyperparameters, setup.corpus.task)]
        best = best_trials(fitting, plan.objective, _N_RETRIED)
        session.trial_store.enqueue_trials(origin.name, best)
        control.say(
            f"the best {len(best)} trials of {origin.name} are tried first: its data, split, "
            "objective, epochs or task differ, so its values do not compare"
        )


def _open_study_run(server: MlflowServer, setup: Setup, known: StoredStudy | None) -> str:
    """Find or make the study's run: its first one, the one `mlflow run` made, or a new one."""
    adopted = adopted_run_id()
    run_id = None if known is None else known.settings.study_run_id
    if run_id is not None and server.find_experiment(run_id) is not None:
        if adopted not in (None, run_id) and server.find_experiment(str(adopted)) is not None:
            server.record(str(adopted)).tags({"study_run_id": run_id, "study": setup.name})
        server.restart(run_id, setup.name)
        return run_id
    return server.open_run(setup.plan.experiment, setup.name)


def _say_strategy(setup: Setup, known: StoredStudy, control: Control) -> None:
    """Say where a study goes on with another strategy than it had."""
    before, here = known.settings.strategy, setup.plan.strategy.as_dict()
    changed = [key for key in here if here[key] != before.get(key)]
    if changed:
        parts = (f"{key} was {before.get(key)}, is {here[key]}" for key in changed)
        control.say(f"study {setup.name} changes its strategy: {'; '.join(parts)}")


def _say_opening(session: Session, *, is_new: bool, control: Control) -> None:
    """Say what a new study will do, what its engine cannot do, and which presets will not run."""
    n_trials = session.budget.n_trials
    if is_new:
        control.say(f"study {session.name}: {n_trials} trials")
    for limit in session.setup.describe_limits(session.budget):
        control.say(limit)
    n_left = max(0, n_trials - count_done(session.trials))
    beyond = session.trial_store.waiting()[n_left:]
    names = [preset.name for preset in session.plan.enqueued if preset.name in beyond]
    if names:
        control.say(
            f"{', '.join(names)} will not run: the study has {n_trials} trials; raise their number"
        )
