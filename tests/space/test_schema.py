from typing import Any

import pytest

from search.space.condition import Condition
from search.space.distribution import Categorical, Fixed, Float, Int
from search.space.problem import Refused
from search.space.schema import space_of

DOCUMENT: dict[str, Any] = {
    "name": "small",
    "hyperparameters": {
        "units_1": {"type": "int", "low": 16, "high": 64, "log": True},
        "dropout": {"type": "float", "low": 0, "high": 0.5, "step": 0.1},
        "cell": {"type": "categorical", "choices": ["lstm", "gru"]},
        "padding": "post",
        "momentum": {"type": "fixed", "value": 0.5, "when": {"cell": ["gru"]}},
    },
    "starts": [{"name": "one", "values": {"units_1": 16, "dropout": 0.1, "cell": "gru"}}],
}


def _problems(document: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        space_of(document)
    return [str(problem) for problem in caught.value.problems]


def test_every_form_of_a_hyperparameter_is_read() -> None:
    space = space_of(DOCUMENT)
    found = {name: dimension.distribution for name, dimension in space.hyperparameters.items()}
    assert found == {
        "units_1": Int(16, 64, log=True),
        "dropout": Float(0, 0.5, step=0.1),
        "cell": Categorical(("lstm", "gru")),
        "padding": Fixed("post"),
        "momentum": Fixed(0.5),
    }
    conditions = space.hyperparameters["momentum"].conditions
    assert conditions == (Condition("cell", "in", ("gru",)),)
    assert space.starts[0].name == "one"


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (
            {"low": 1, "high": 2},
            ".type: must be one of float, int, categorical, fixed, got nothing",
        ),
        ({"type": ["int"]}, ".type: must be one of float, int, categorical, fixed, got a list"),
        ({"type": "int", "high": 2}, ".low: must be given for int"),
        ({"type": "int", "low": "a", "high": 2}, ".low: must be a whole number, got a"),
        (
            {"type": "int", "low": 1, "high": 2, "hihg": 3},
            ".hihg: is no key here; nearest: high",
        ),
        (
            {"type": "categorical", "choices": 16},
            ".choices: must be a list of values, got 16",
        ),
        ([16], ": must be a mapping with a type, or one fixed value, got a list"),
        (None, ": must be a mapping with a type, or one fixed value, got nothing"),
        (
            {"type": "int", "low": 1, "high": 16, "when": "gru"},
            ".when: must be a mapping from a hyperparameter to its values, got gru",
        ),
    ],
)
def test_an_entry_that_breaks_the_schema_is_told_once(entry: Any, problem: str) -> None:
    hyperparameters = {**DOCUMENT["hyperparameters"], "units_1": entry}
    document = {**DOCUMENT, "hyperparameters": hyperparameters}
    assert _problems(document) == [f"hyperparameters.units_1{problem}"]


def test_a_broken_entry_still_lets_others_starts_and_conditions_be_checked() -> None:
    document = {
        "nmae": "small",
        "hyperparameters": {
            "cell": {"type": "categorical", "choices": ["lstm"], "chioces": []},
            "units_1": {"type": "int", "low": 64, "high": 16, "when": {"cell": "rnn"}},
        },
        "starts": [{"name": "one", "values": {"cell": "lstn", "units_1": 0}}, 4],
    }
    assert _problems(document) == [
        "nmae: is no key here; nearest: name",
        "hyperparameters.cell.chioces: is no key here; nearest: choices",
        "hyperparameters.units_1.low: must be at most high (16), got 64",
        "name: must be text: letters, digits, - and _, got nothing",
        "starts[1].name: must be text: letters, digits, - and _, got nothing",
        "starts[1].values: must be a mapping from hyperparameters to values, got nothing",
        "hyperparameters.units_1.when.cell: must be one of simple_rnn, lstm, gru, got rnn",
        "starts[0].values.cell: must be one of simple_rnn, lstm, gru, got lstn",
        "starts[0].values.units_1: must be from 1 to 1024, got 0",
    ]


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (None, "must be a mapping with name, description, hyperparameters, starts, got nothing"),
        ([1], "must be a mapping with name, description, hyperparameters, starts, got a list"),
        ({"name": "a", "hyperparameters": 4}, "hyperparameters: must be a mapping by name, got 4"),
        ({"name": "a"}, "hyperparameters: must have at least one, got none"),
        ({**DOCUMENT, "name": 5}, "name: must be text: letters, digits, - and _, got 5"),
        ({**DOCUMENT, "description": 5}, "description: must be text, got 5"),
        ({**DOCUMENT, "starts": {}}, "starts: must be a list of starts, got a mapping"),
    ],
)
def test_a_document_of_another_shape_is_told(document: Any, problem: str) -> None:
    assert _problems(document) == [problem]


def test_problems_of_layers_are_told_once_where_they_stand_in_the_file() -> None:
    units = {"type": "int", "low": 0, "high": 64, "repeat": "recurrent_layers"}
    document = {
        "name": "deep",
        "hyperparameters": {
            "units": {**units, "when": {"cel": "gru"}},
            "recurrent_layers": {"type": "int", "low": 1, "high": 3},
            "cell": {"type": "categorical", "choices": ["lstm", "gru"], "repeat": "units"},
        },
        "starts": [{"name": "a", "values": {"recurrent_layers": 1, "units_1": 0, "cell": "gru"}}],
    }
    assert _problems(document) == [
        "hyperparameters.cell.repeat: must be left out, as only a numbered family is repeated; "
        "known: units",
        "hyperparameters.units.low: must be from 1 to 1024, got 0",
        "hyperparameters.units.when.cel: must name another hyperparameter of the space; "
        "nearest: cell",
        "starts[0].values.units_1: must be from 1 to 1024, got 0",
    ]


def test_a_count_that_is_not_in_the_space_is_told_and_starts_are_not_blamed_for_it() -> None:
    units = {"type": "int", "low": 1, "high": 64, "repeat": "recurrent_layers"}
    document = {
        "name": "deep",
        "hyperparameters": {"units": units, "padding": "post"},
        "starts": [{"name": "a", "values": {"units_1": 8, "units_2": 8}}],
    }
    assert _problems(document) == [
        "hyperparameters.units.repeat: must name another hyperparameter of the space; "
        "known: padding, units_1, units_2, units_3"
    ]


@pytest.mark.parametrize("repeat", [["recurrent_layers"], 3, None, "padding"])
def test_what_is_no_count_is_told(repeat: Any) -> None:
    units = {"type": "int", "low": 1, "high": 64, "repeat": repeat}
    layers = {"type": "int", "low": 1, "high": 3}
    hyperparameters = {"units": units, "recurrent_layers": layers, "padding": "post"}
    (problem,) = _problems({"name": "deep", "hyperparameters": hyperparameters})
    assert problem.startswith("hyperparameters.units.repeat: must be ")


def test_problems_of_starts_have_the_places_of_the_file() -> None:
    starts = [
        {"preset": "nothing"},
        {"name": "a b", "values": {**DOCUMENT["starts"][0]["values"], "units_1": 65}},
    ]
    assert _problems({**DOCUMENT, "starts": starts}) == [
        "starts[0].preset: must be a shipped preset or the path of a file, got nothing; "
        "known: none",
        "starts[1].name: must be letters, digits, - and _, got a b",
        "starts[1].values.units_1: must be from 16 to 64, got 65",
    ]
