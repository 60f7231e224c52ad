from typing import Any

import pytest

from search.space.condition import Condition
from search.space.distribution import Categorical, Fixed, Float, Int
from search.space.problem import ProblemsError
from search.space.schema import build_space
from search.space.starts import Sources
from tests.space.messages import check_messages

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
    with pytest.raises(ProblemsError) as caught:
        build_space(document, Sources())
    return [str(problem) for problem in caught.value.problems]


def test_every_form_of_a_hyperparameter_is_read() -> None:
    space = build_space(DOCUMENT, Sources())
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
        pytest.param(
            {"low": 1, "high": 2},
            ".type: ...float, int, categorical, fixed...nothing",
            id="no type",
        ),
        pytest.param(
            {"type": ["int"]},
            ".type: ...float, int, categorical, fixed...a list",
            id="list as the type",
        ),
        pytest.param({"type": "int", "high": 2}, ".low: ...given...int", id="no low"),
        pytest.param(
            {"type": "int", "low": "a", "high": 2},
            ".low: ...whole number...a",
            id="word for low",
        ),
        pytest.param(
            {"type": "int", "low": 1, "high": 2, "hihg": 3},
            ".hihg: ...nearest: high",
            id="misspelt key",
        ),
        pytest.param(
            {"type": "categorical", "choices": 16},
            ".choices: ...list of values...16",
            id="number for choices",
        ),
        pytest.param([16], ": ...mapping...type...fixed value...a list", id="list"),
        pytest.param(None, ": ...mapping...type...fixed value...nothing", id="nothing"),
        pytest.param(
            {"type": "int", "low": 1, "high": 16, "when": "gru"},
            ".when: ...mapping...gru",
            id="word for when",
        ),
    ],
)
def test_an_entry_that_breaks_the_schema_is_reported_once(entry: Any, problem: str) -> None:
    hyperparameters = {**DOCUMENT["hyperparameters"], "units_1": entry}
    document = {**DOCUMENT, "hyperparameters": hyperparameters}
    check_messages(_problems(document), f"hyperparameters.units_1{problem}")


def test_a_broken_entry_still_lets_others_starts_and_conditions_be_checked() -> None:
    document = {
        "nmae": "small",
        "hyperparameters": {
            "cell": {"type": "categorical", "choices": ["lstm"], "chioces": []},
            "units_1": {"type": "int", "low": 64, "high": 16, "when": {"cell": "rnn"}},
        },
        "starts": [{"name": "one", "values": {"cell": "lstn", "units_1": 0}}, 4],
    }
    check_messages(
        _problems(document),
        "nmae: ...nearest: name",
        "hyperparameters.cell.chioces: ...nearest: choices",
        "hyperparameters.units_1.low: ...(16)...64",
        "name: ...letters, digits, - and _...nothing",
        "starts[1].name: ...letters, digits, - and _...nothing",
        "starts[1].values: ...mapping...nothing",
        "hyperparameters.units_1.when.cell: ...simple_rnn, lstm, gru...rnn",
        "starts[0].values.cell: ...simple_rnn, lstm, gru...lstn",
        "starts[0].values.units_1: ...1 to 1024...0",
    )


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        pytest.param(
            None,
            "...mapping...name, description, hyperparameters, starts...nothing",
            id="nothing",
        ),
        pytest.param(
            [1],
            "...mapping...name, description, hyperparameters, starts...a list",
            id="list",
        ),
        pytest.param(
            {"name": "a", "hyperparameters": 4},
            "hyperparameters: ...mapping...4",
            id="number for hyperparameters",
        ),
        pytest.param(
            {"name": "a"},
            "hyperparameters: ...at least one",
            id="no hyperparameters",
        ),
        pytest.param(
            {**DOCUMENT, "name": 5},
            "name: ...letters, digits, - and _...5",
            id="number for the name",
        ),
        pytest.param(
            {**DOCUMENT, "description": 5},
            "description: ...text...5",
            id="number for the description",
        ),
        pytest.param(
            {**DOCUMENT, "starts": {}},
            "starts: ...list of starts...a mapping",
            id="mapping for starts",
        ),
    ],
)
def test_a_document_of_another_shape_is_reported(document: Any, problem: str) -> None:
    check_messages(_problems(document), problem)


def test_problems_of_layers_are_reported_once_where_they_stand_in_the_file() -> None:
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
    check_messages(
        _problems(document),
        "hyperparameters.cell.repeat: ...left out...units",
        "hyperparameters.units.low: ...1 to 1024...0",
        "hyperparameters.units.when.cel: ...another hyperparameter...cell",
        "starts[0].values.units_1: ...1 to 1024...0",
    )


def test_a_count_that_is_not_in_the_space_is_reported_and_starts_are_not_blamed_for_it() -> None:
    units = {"type": "int", "low": 1, "high": 64, "repeat": "recurrent_layers"}
    document = {
        "name": "deep",
        "hyperparameters": {"units": units, "padding": "post"},
        "starts": [{"name": "a", "values": {"units_1": 8, "units_2": 8}}],
    }
    check_messages(
        _problems(document),
        "hyperparameters.units.repeat: ...hyperparameter...padding, units_1, units_2, units_3",
    )


@pytest.mark.parametrize(
    "repeat",
    [
        pytest.param(["recurrent_layers"], id="list"),
        pytest.param(3, id="number"),
        pytest.param(None, id="nothing"),
        pytest.param("padding", id="another hyperparameter"),
    ],
)
def test_what_is_no_count_is_reported(repeat: Any) -> None:
    units = {"type": "int", "low": 1, "high": 64, "repeat": repeat}
    layers = {"type": "int", "low": 1, "high": 3}
    hyperparameters = {"units": units, "recurrent_layers": layers, "padding": "post"}
    (problem,) = _problems({"name": "deep", "hyperparameters": hyperparameters})
    assert problem.startswith("hyperparameters.units.repeat: ")


def test_problems_of_starts_have_the_places_of_the_file() -> None:
    starts = [
        {"preset": "nothing"},
        {"name": "a b", "values": {**DOCUMENT["starts"][0]["values"], "units_1": 65}},
    ]
    check_messages(
        _problems({**DOCUMENT, "starts": starts}),
        "starts[0].preset: ...shipped preset...file...nothing...none",
        "starts[1].name: ...letters, digits, - and _...a b",
        "starts[1].values.units_1: ...16 to 64...65",
    )
