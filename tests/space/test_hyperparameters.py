import pytest

from search.space.hyperparameters import CATALOGUE, DEFAULTS, Hyperparameters, shown


def test_catalogue_and_configuration_have_the_same_names_in_the_same_order() -> None:
    assert tuple(CATALOGUE) == tuple(DEFAULTS)


def test_defaults_lie_inside_the_catalogue_and_missing_values_keep_them() -> None:
    assert Hyperparameters.of({"units_1": 7}) == Hyperparameters(units_1=7)


def test_all_values_outside_the_catalogue_are_told_at_once() -> None:
    problems = (
        "padding: must be one of pre, post, got mid\nunits_1: must be a whole number, got 2.5"
    )
    with pytest.raises(ValueError, match=problems):
        Hyperparameters.of({"units_1": 2.5, "padding": "mid"})


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown hyperparameters: unit"):
        Hyperparameters.of({"unit": 2})


@pytest.mark.parametrize("weighting", ["sqrt", "inverse", "effective_number"])
def test_a_loss_with_weights_of_its_own_takes_no_class_weighting(weighting: str) -> None:
    problem = f"class_weighting: must be none where .* distribution_balanced.*, got {weighting}"
    with pytest.raises(ValueError, match=problem):
        Hyperparameters(training_loss="distribution_balanced", class_weighting=weighting)
    assert Hyperparameters(training_loss="focal", class_weighting=weighting)
    assert Hyperparameters(training_loss="distribution_balanced")


def test_units_are_those_of_the_layers_there_are() -> None:
    assert Hyperparameters(recurrent_layers=2, units_1=8, units_2=4).units == (8, 4)


def test_values_are_shown_as_a_space_file_writes_them() -> None:
    assert [shown(value) for value in (True, 0.5, 1e-3, 64, "lstm")] == [
        "true",
        "0.5",
        "0.001",
        "64",
        "lstm",
    ]
