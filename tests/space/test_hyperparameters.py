import pytest

from search.space.hyperparameters import CATALOGUE, Hyperparameters, read_meanings


def test_every_hyperparameter_has_a_meaning() -> None:
    assert tuple(read_meanings()) == tuple(CATALOGUE)
    assert all(meaning.endswith((".", ")")) for meaning in read_meanings().values())


def test_defaults_lie_inside_the_catalogue_and_missing_values_keep_them() -> None:
    assert Hyperparameters.from_values({"units_1": 7}) == Hyperparameters(units_1=7)


def test_all_values_outside_the_catalogue_are_reported_together() -> None:
    problems = r"padding: .*pre, post.*mid\nunits_1: .*whole number.*2\.5"
    with pytest.raises(ValueError, match=problems):
        Hyperparameters.from_values({"units_1": 2.5, "padding": "mid"})


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match=r"unknown.*unit"):
        Hyperparameters.from_values({"unit": 2})


@pytest.mark.parametrize("weighting", ["sqrt", "inverse", "effective_number"])
def test_a_loss_with_weights_of_its_own_takes_no_class_weighting(weighting: str) -> None:
    problem = f"class_weighting: .*none.*distribution_balanced.*{weighting}"
    with pytest.raises(ValueError, match=problem):
        Hyperparameters(training_loss="distribution_balanced", class_weighting=weighting)
    assert Hyperparameters(training_loss="focal", class_weighting=weighting)
    assert Hyperparameters(training_loss="distribution_balanced")


def test_units_are_those_of_the_layers_there_are() -> None:
    assert Hyperparameters(recurrent_layers=2, units_1=8, units_2=4).units == (8, 4)


def test_equal_values_of_another_type_or_sign_stay_what_they_are() -> None:
    assert Hyperparameters.from_values({"units_1": 1}).units_1 == 1
    for value in (True, 1.0):
        with pytest.raises(ValueError, match=r"units_1: .*whole number"):
            Hyperparameters.from_values({"units_1": value})
    dropouts = [Hyperparameters.from_values({"dropout": v}).dropout for v in (0, 0.0, -0.0)]
    assert [repr(dropout) for dropout in dropouts] == ["0", "0.0", "-0.0"]


def test_a_list_is_refused_as_a_value() -> None:
    with pytest.raises(ValueError, match=r"units_1: .*whole number.*a list"):
        Hyperparameters.from_values({"units_1": [32]})
