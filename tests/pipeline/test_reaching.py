from pathlib import Path

import numpy as np
import pytest

from search.engines.store import REACH
from search.engines.trials import TrialState
from search.metrics.comparison import Comparison
from search.pipeline.opened import OpenStudy
from search.pipeline.reaching import measure_reach
from search.study.measures import table_csv
from tests.films import write_films
from tests.pipeline.opened import open_study
from tests.workspace import make_workspace


@pytest.fixture
def study(tmp_path: Path, mlflow_database: Path) -> OpenStudy:
    """A study whose best network is level with the baseline, as if it had been trained."""
    workspace = make_workspace(tmp_path, mlflow_database)
    write_films(workspace.folder / "films.csv", n_texts=200)
    study = open_study(workspace, "level", target=0.001)
    number = study.engine.ask().number
    record = study.tracker.trial(number, "best", {})
    n_validation = len(study.prepared.divided.split.validation)
    losses = ((text, 0.2) for text in range(n_validation))
    record.file("text_losses.csv", table_csv(("text", "loss"), losses))
    level = Comparison(difference=0.0, low=-0.01, high=0.01, level=0.95)
    # No network can be made of these: where one is asked for, the test fails.
    facts = {"hyperparameters": {}, "run_id": record.run_id, "against_baseline": level.as_dict()}
    study.engine.note(number, facts)
    study.engine.tell(number, TrialState.COMPLETE, [0.2])
    return study


@pytest.mark.parametrize("n_looks", [0, 5])
def test_time_that_is_over_while_lines_are_fitted_leaves_the_curves_to_be_measured(
    study: OpenStudy, n_looks: int
) -> None:
    assert study.summary().reach.lacks_curves
    split = study.prepared.divided.split
    rival = np.full((len(split.validation), 4), 0.5, np.float32)
    looks, said = iter([False] * n_looks), list[str]()
    is_whole = measure_reach(study, rival, is_over=lambda: next(looks, True), say=said.append)
    assert not is_whole
    assert len(said) == 1 and said[0].startswith("learning curves: ")
    assert REACH not in study.results
