"""A study on the films whose stores are open, as a search has it before its first trial."""

from search.data.corpus import DataSource
from search.space.shipped_files import open_space
from search.store.trial_store import TrialStore
from search.study.budget import Budget
from search.study.places import Places
from search.study.plan import StudyPlan
from search.study.session import Session
from search.study.setup import Setup, set_up
from search.tracking.mlflow_tracker import MlflowTracker
from search.trial.control import Control
from tests.workspace import Workspace

BUDGET = Budget(n_trials=1)


def make_setup(
    workspace: Workspace, name: str, *, seed: int = 0, target: float | None = None
) -> Setup:
    """Make a study of one epoch a trial on `films.csv` ready."""
    plan = StudyPlan(open_space("smoke"), n_epochs=1, seed=seed, target=target, experiment=name)
    corpus = DataSource(str(workspace.folder / "films.csv")).open()
    return set_up(name, plan, corpus, Control())


def open_study(
    workspace: Workspace, name: str, *, seed: int = 0, target: float | None = None
) -> Session:
    """Open a new study of one trial on `films.csv`."""
    setup = make_setup(workspace, name, seed=seed, target=target)
    store, server = Places(workspace.tracking_uri).open_store(), workspace.server
    # By default the artifacts would lie in the folder that the tests are run from.
    artifacts = str(workspace.folder / "artifacts")
    server.client.create_experiment(name, artifact_location=artifacts)
    run_id = server.open_run(name, name)
    study = store.create(name, setup.make_settings(BUDGET, run_id), directions=["minimize"])
    trial_store = TrialStore(study, setup.plan.space, setup.make_proposer(), seed=seed)
    tracker = MlflowTracker(server.client, run_id, name)
    return Session(setup, BUDGET, store, server, tracker, trial_store)
