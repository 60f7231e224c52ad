from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.metrics.comparison import Comparison
from search.study.ending import Ending
from search.study.session import Session
from search.study.stages.learning_curves import measure_learning_curves
from search.training.measures import write_table
from search.training.runner import TrainingRunner
from search.trial.control import Control
from search.trial.state import TrialState
from search.trial.trial import Trial
from tests.films import write_films
from tests.studies import make_training
from tests.study.opened import open_study
from tests.workspace import make_workspace


@pytest.fixture
def session(tmp_path: Path, mlflow_database: Path) -> Session:
    """A study whose best network is level with the baseline, as if it had been trained."""
    workspace = make_workspace(tmp_path, mlflow_database)
    write_films(workspace.folder / "films.csv", n_texts=200)
    session = open_study(workspace, "level", target=0.001)
    number = session.trial_store.ask().number
    record = session.tracker.trial(number, "best", {})
    n_validation = len(session.setup.divided.split.validation)
    losses = ((text, 0.2) for text in range(n_validation))
    record.file("text_losses.csv", write_table(("text", "loss"), losses))
    level = Comparison(difference=0.0, low=-0.01, high=0.01, level=0.95)
    trial = Trial(
        number,
        TrialState.COMPLETE,
        (0.2,),
        # No network can be made of these: where one is asked for, the test fails.
        hyperparameters={},
        run_id=record.run_id,
        training=replace(make_training(0.2), comparison=level),
    )
    session.trial_store.end(trial)
    return session


def make_runner(session: Session) -> TrainingRunner:
    """Make a runner that has the linear baseline to compare with, and cannot train."""
    divided = session.setup.divided
    return TrainingRunner(
        data=session.setup.data,
        divided=divided,
        objective=session.plan.objective,
        n_epochs=1,
        rival=np.full((len(divided.split.validation), 4), 0.5, np.float32),
        save=lambda _trained, _directory: None,
    )


@pytest.mark.parametrize(
    "n_looks", [pytest.param(0, id="at once"), pytest.param(5, id="in the second label")]
)
def test_time_that_is_over_while_lines_are_fitted_leaves_the_curves_to_be_measured(
    session: Session, n_looks: int
) -> None:
    assert session.summarize().reach.lacks_curves
    looks, said = iter([False] * n_looks), list[str]()
    control = Control(said.append, is_interrupted=lambda: next(looks, True))
    assert measure_learning_curves(session, make_runner(session), control) is Ending.TIMEOUT
    assert len(said) == 1 and said[0].startswith("learning curves: ")
    assert session.stored.curves is None
