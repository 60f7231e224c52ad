import pytest
from optuna.trial import TrialState as OptunaState

from search.trial.state import TrialState


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        pytest.param(TrialState.RUNNING, False, id="running"),
        pytest.param(TrialState.COMPLETE, True, id="complete"),
        pytest.param(TrialState.PRUNED, True, id="pruned"),
        pytest.param(TrialState.FAIL, False, id="failed"),
    ],
)
def test_complete_and_pruned_trials_count(state: TrialState, counts: bool) -> None:
    assert state.counts is counts


@pytest.mark.parametrize("state", TrialState, ids=str)
def test_states_have_optunas_names(state: TrialState) -> None:
    assert OptunaState[state.value].name == state.name
