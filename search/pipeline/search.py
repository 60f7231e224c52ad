"""Run a study from its request to its summary. Owns the order in which everything is opened.

All that can be wrong with the request is found before either store is written, so that no
half-made study or run stays behind.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..data.corpus import Corpus
from ..data.describe import describe
from ..data.open import NAMED_CORPORA
from ..data.split import Split, split_corpus
from ..engines.optuna_engine import OptunaEngine
from ..engines.store import StudyStore
from ..errors import TrackingError
from ..export.bundle import MODEL_FILE, Bundle, write_bundle
from ..metrics.losses import prior_cross_entropy
from ..model.embedding import SvdStart
from ..report.leaderboard import as_csv, as_json, leaderboard
from ..report.summary import Summary
from ..space.codec import to_yaml
from ..space.hyperparameters import Hyperparameters, Value
from ..space.shipped import open_space
from ..space.space import Space
from ..study.events import Event, TrialEnded
from ..study.loop import Ending, Loop
from ..study.settings import Fingerprint, check_name, default_name
from ..study.trial import TrainedTrial, TrialRunner
from ..text.vocabulary import Vocabulary
from ..tracking.mlflow_tracker import MlflowServer, MlflowTracker, adopted_run_id
from ..tracking.record import RunStatus
from ..training.examples import Examples, TrainingData
from .environment import environment
from .request import SearchRequest


@dataclass(frozen=True, slots=True)
class SearchReport:
    """What a search came to."""

    summary: Summary
    ending: Ending
    is_resumed: bool
    n_new: int
    """Trials that counted and were run this time."""
    experiment_id: str
    tracking_uri: str


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Everything that is known before a store is opened."""

    request: SearchRequest
    corpus: Corpus
    split: Split
    space: Space
    prior_loss: float
    fingerprint: Fingerprint

    @property
    def name(self) -> str:
        given = self.request.study
        return given or default_name(self.corpus.name, self.space.name, self.fingerprint)


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
    prepared = _prepare(request, say)
    store, server = _open_stores(request)
    is_resumed = store.exists(prepared.name)
    facts: dict[str, Any] = store.find(prepared.name).facts if is_resumed else {}
    if is_resumed:
        prepared.fingerprint.check(facts["fingerprint"], prepared.name)
    run_id = _study_run(server, prepared, facts)
    tracker = MlflowTracker(server.client, run_id, prepared.name)
    status = RunStatus.FAILED
    try:
        engine = _open_study(prepared, store, facts | _facts(prepared, run_id), is_resumed)
        if is_resumed:
            _recover(engine, tracker, say)
        n_before = sum(record.state.counts for record in engine.records())
        say(_opening(prepared, is_resumed, n_before))
        _describe_study(tracker, prepared)
        try:
            ending = _run(prepared, engine, tracker, listen, is_interrupted)
        finally:
            _record_standing(tracker, _summary(prepared, engine))
        status = RunStatus.FINISHED
    except KeyboardInterrupt:
        status = RunStatus.KILLED
        raise
    finally:
        tracker.study.end(status)
    summary = _summary(prepared, engine)
    n_after = sum(record.state.counts for record in summary.records)
    experiment_id = server.experiment_of(run_id) or ""
    return SearchReport(summary, ending, is_resumed, n_after - n_before, experiment_id, server.uri)


def _open_stores(request: SearchRequest) -> tuple[StudyStore, MlflowServer]:
    """Open both; where MLflow does not answer, a database of studies made just now goes again."""
    store = request.places.open_store()
    try:
        return store, MlflowServer(request.places.tracking_uri)
    except TrackingError:
        store.remove_if_new()
        raise


def _open_study(
    prepared: _Prepared, store: StudyStore, facts: dict[str, Any], is_resumed: bool
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
    if not is_resumed:
        engine.enqueue_starts()
    return engine


def _prepare(request: SearchRequest, say: Callable[[str], None]) -> _Prepared:
    if request.study is not None:
        check_name(request.study)
    space = open_space(request.space)
    corpus = request.data.open()
    for note in corpus.notes:
        say(note)
    split = split_corpus(corpus, seed=request.seed)
    for note in split.notes:
        say(note)
    train, validation = corpus.labels[split.train], corpus.labels[split.validation]
    fingerprint = Fingerprint(
        data=corpus.sha256,
        split=split.sha256,
        space=space.hash,
        objective=request.objective.value,
        n_epochs=request.n_epochs,
        seed=request.seed,
    )
    prior_loss = prior_cross_entropy(train, validation)
    return _Prepared(request, corpus, split, space, prior_loss, fingerprint)


def _study_run(server: MlflowServer, prepared: _Prepared, facts: Mapping[str, Any]) -> str:
    """Find or make the study's run: its first one, the one `mlflow run` made, or a new one."""
    adopted = adopted_run_id()
    known = facts.get("study_run_id")
    if known is not None and server.experiment_of(known) is not None:
        if adopted not in (None, known):
            server.record(str(adopted)).tags({"study_run_id": known, "study": prepared.name})
        server.restart(known, prepared.name)
        return str(known)
    if adopted is not None:
        server.restart(adopted, prepared.name)
        return adopted
    return server.create_run(server.experiment(prepared.request.experiment), prepared.name)


def _facts(prepared: _Prepared, run_id: str) -> dict[str, Any]:
    request = prepared.request
    source = asdict(request.data)
    if request.data.source not in NAMED_CORPORA and Path(request.data.source).exists():
        source["source"] = os.path.abspath(request.data.source)
    return {
        "fingerprint": prepared.fingerprint.as_dict(),
        "source": source,
        "corpus": prepared.corpus.name,
        "space": prepared.space.name,
        "target": request.budget.target,
        "prior_loss": prepared.prior_loss,
        "floor": prepared.corpus.floor,
        "study_run_id": run_id,
    }


def _opening(prepared: _Prepared, is_resumed: bool, n_before: int) -> str:
    n_trials = prepared.request.budget.n_trials
    if is_resumed:
        return f"study {prepared.name} goes on: {n_before} of {n_trials} trials are done"
    return f"study {prepared.name}: {n_trials} trials"


def _recover(engine: OptunaEngine, tracker: MlflowTracker, say: Callable[[str], None]) -> None:
    """End in both stores what a process that died left open."""
    for record in engine.sweep():
        say(f"trial {record.number} was cut off when its process ended; it will be run again")
    status = {"COMPLETE": RunStatus.FINISHED, "FAIL": RunStatus.FAILED, "PRUNED": RunStatus.KILLED}
    state_of = {record.facts.get("run_id"): record.state.value for record in engine.records()}
    for run_id in tracker.running():
        state = state_of.get(run_id, "FAIL")
        if state in status:
            run = tracker.reopen(run_id)
            run.tags({"state": state})
            run.end(status[state])


def _describe_study(tracker: MlflowTracker, prepared: _Prepared) -> None:
    here = environment()
    tracker.study.tags(
        {
            "study": prepared.name,
            "corpus": prepared.corpus.name,
            "space_name": prepared.space.name,
            "target": prepared.request.budget.target,
            "prior_loss": f"{prepared.prior_loss:.4f}",
        }
        | prepared.fingerprint.as_dict()
        | {f"version.{name}": value for name, value in here.items()}
    )
    files = {
        "space.yaml": to_yaml(prepared.space),
        "data.json": json.dumps(describe(prepared.corpus).to_dict(), ensure_ascii=False, indent=1),
        "environment.json": json.dumps(here, indent=1),
    }
    for path, text in files.items():
        tracker.study.file(path, text.encode())


def _run(
    prepared: _Prepared,
    engine: OptunaEngine,
    tracker: MlflowTracker,
    listen: Callable[[Event], None],
    is_interrupted: Callable[[], bool],
) -> Ending:
    request = prepared.request
    runner = TrialRunner(
        data=_training_data(prepared),
        label_names=prepared.corpus.label_names,
        objective=request.objective,
        n_epochs=request.n_epochs,
        target=request.budget.target,
        prior_loss=prepared.prior_loss,
        floor=prepared.corpus.floor,
        save=lambda trained, directory: _save(prepared, trained, directory),
    )

    def count_parameters(hyperparameters: Mapping[str, Value]) -> int:
        return runner.count_parameters(Hyperparameters.of(hyperparameters))

    def listen_and_record(event: Event) -> None:
        if isinstance(event, TrialEnded):
            _record_standing(tracker, _summary(prepared, engine))
        listen(event)

    return Loop(
        engine=engine,
        tracker=tracker,
        run_trial=runner,
        count_parameters=count_parameters,
        objective=request.objective,
        budget=request.budget,
        listen=listen_and_record,
        is_interrupted=is_interrupted,
        n_kept=request.n_kept,
    ).run()


def _training_data(prepared: _Prepared) -> TrainingData:
    """Encode train and validation. The test part of the split is not touched."""
    corpus, split = prepared.corpus, prepared.split
    train_texts = [corpus.texts[row] for row in split.train]
    validation_texts = [corpus.texts[row] for row in split.validation]
    vocabulary = Vocabulary.count(train_texts)
    train = Examples(vocabulary.encode(train_texts), corpus.labels[split.train])
    validation = Examples(vocabulary.encode(validation_texts), corpus.labels[split.validation])
    seed = prepared.request.seed
    sample = train.sample(len(validation.texts), seed=seed)
    n_dimensions = int(prepared.space.highest("embedding_size"))
    svd_start = SvdStart(train.texts, vocabulary.size, n_dimensions, seed=seed)
    return TrainingData(vocabulary, train, sample, validation, svd_start)


def _save(prepared: _Prepared, trained: TrainedTrial, directory: Path) -> None:
    corpus = prepared.corpus
    trained.classifier.save(directory / MODEL_FILE)
    bundle = Bundle(
        task=corpus.task,
        label_names=corpus.label_names,
        negative_name=corpus.negative_name,
        thresholds=tuple(float(threshold) for threshold in trained.thresholds),
        encoding=trained.encoding,
        vocabulary=trained.vocabulary,
        hyperparameters=trained.proposal.hyperparameters,
        metrics={"validation": asdict(trained.scores)},
        origin={
            "study": prepared.name,
            "trial": trained.proposal.number,
            "corpus": corpus.name,
            "data_sha256": corpus.sha256,
            "split_sha256": prepared.split.sha256,
            "study_seed": prepared.request.seed,
            "trial_seed": trained.proposal.seed,
        }
        | environment(),
    )
    write_bundle(bundle, directory)


def _summary(prepared: _Prepared, engine: OptunaEngine) -> Summary:
    return Summary(
        study=prepared.name,
        objective=prepared.request.objective,
        target=prepared.request.budget.target,
        prior_loss=prepared.prior_loss,
        floor=prepared.corpus.floor,
        records=engine.records(),
    )


def _record_standing(tracker: MlflowTracker, summary: Summary) -> None:
    rows = leaderboard(summary.records, summary.objective)
    tracker.study.describe(summary.markdown())
    tracker.study.file("leaderboard.json", as_json(rows).encode())
    tracker.study.file("leaderboard.csv", as_csv(rows).encode())
    best = summary.best
    if best is not None and best.value is not None:
        tracker.study.metrics({f"best_{summary.objective.value}": best.value}, step=len(rows))
        tracker.study.tags({"best_trial": best.number, "best_run_id": best.facts["run_id"]})
