"""A study on the films whose stores are open, as a search has it before its first trial."""

from search.engines.engine import Engine
from search.engines.strategy import choose_strategy
from search.pipeline.opened import OpenStudy
from search.pipeline.places import DataSource, Places
from search.pipeline.prepared import Prepared, facts_of, prepare
from search.pipeline.proposing import proposer_of
from search.pipeline.request import SearchRequest
from search.study.objectives import Objectives
from search.study.settings import Budget
from search.tracking.mlflow_tracker import MlflowTracker
from tests.workspace import Workspace


def open_study(
    workspace: Workspace, name: str, *, seed: int = 0, target: float | None = None
) -> OpenStudy:
    """Open a new study of one trial on `films.csv`."""
    prepared = _prepare(workspace, name, seed, target)
    store, server = prepared.request.places.open_store(), workspace.server
    # By default the artifacts would lie in the folder that the tests are run from.
    artifacts = str(workspace.folder / "artifacts")
    server.client.create_experiment(name, artifact_location=artifacts)
    run_id = server.open_run(name, name)
    study = store.create(name, facts_of(prepared, run_id), directions=["minimize"])
    engine = Engine(study, prepared.space, proposer_of(prepared), seed=seed)
    tracker = MlflowTracker(server.client, run_id, name)
    return OpenStudy(prepared, store, server, tracker, engine)


def _prepare(workspace: Workspace, name: str, seed: int, target: float | None) -> Prepared:
    request = SearchRequest(
        data=DataSource(str(workspace.folder / "films.csv")),
        space="smoke",
        objectives=Objectives.parse("val_loss"),
        n_epochs=1,
        seed=seed,
        budget=Budget(n_trials=1, target=target),
        strategy=choose_strategy(),
        study=name,
        experiment=name,
        places=Places(workspace.tracking_uri),
    )
    return prepare(request, lambda _sentence: None)
