import json
from pathlib import Path
from typing import Any

import pytest

from search.errors import SpaceError
from search.space.document import read_document
from search.space.hyperparameters import Value
from search.space.preset import Preset, is_preset, read_preset
from search.space.problem import ProblemsError
from tests.space.messages import check_messages

COMPLETE = """\
name: mine
description: For a test.
labels: 3
parameters: 120
hyperparameters: {cell: gru, units_1: 4, clip_norm: 0}
training: {epochs: 2, validation_share: 0.3}
published: {val_loss: 0.25, test_accuracy: 1, seconds_per_epoch: 12}
"""


def read(folder: Path, text: str, name: str = "mine.yaml") -> Preset:
    path = folder / name
    path.write_text(text)
    return read_preset(path)


def problems(folder: Path, text: str, name: str = "mine.yaml") -> list[str]:
    """Each problem of a file, without the file's path."""
    with pytest.raises(SpaceError) as caught:
        read(folder, text, name)
    assert "show genre-lstm --yaml" in caught.value.hint
    lines = caught.value.message.splitlines()
    assert all(line.startswith(f"{folder / name}: ") for line in lines)
    return [line.removeprefix(f"{folder / name}: ") for line in lines]


def test_a_complete_file_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, COMPLETE) == Preset(
        name="mine",
        description="For a test.",
        hyperparameters={"cell": "gru", "units_1": 4, "clip_norm": 0},
        n_labels=3,
        n_parameters=120,
        n_epochs=2,
        validation_share=0.3,
        published={"val_loss": 0.25, "test_accuracy": 1, "seconds_per_epoch": 12},
    )


def test_what_a_file_leaves_out_is_the_usual(tmp_path: Path) -> None:
    preset = read(tmp_path, "hyperparameters: {units_1: 4}", "short.yaml")
    assert preset == Preset("short", "", {"units_1": 4}, n_labels=None, n_epochs=15)
    assert (preset.n_parameters, preset.validation_share, preset.published) == (None, None, {})


def test_hyperparameters_alone_are_read_from_yaml_and_json(tmp_path: Path) -> None:
    values: dict[str, Value] = {"cell": "gru", "bidirectional": True, "learning_rate": 1e-05}
    given = read(tmp_path, json.dumps(values, indent=1), "own.json")
    assert given == Preset("own", "", values)
    assert read(tmp_path, "cell: gru\nunits_1: 4\n") == Preset(
        "mine", "", {"cell": "gru", "units_1": 4}
    )


def test_hyperparameters_of_a_bundle_are_called_after_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "winner"
    folder.mkdir()
    assert read(folder, '{"units_1": 4}', "hyperparameters.json").name == "winner"


def test_the_configuration_has_the_defaults_of_what_is_not_named() -> None:
    configuration = Preset("mine", "", {"cell": "gru", "units_1": 4}).configuration()
    assert (configuration.cell, configuration.units_1, configuration.units_2) == ("gru", 4, 32)


def test_all_problems_of_a_file_are_reported_together_with_their_key_paths(tmp_path: Path) -> None:
    text = """\
name: ""
description: [1]
hyperparameters: {unit_1: 4, cell: grue, units_2: 2.5, dropout: [1], pooling: last, pooling: max}
labels: 0
parameters: true
trainign: {}
training: {epochs: 0, validation_share: 1.0, epoch: 3}
published: {val_accuracy: good, val_los: 3, test_accuracy: 84.1, val_loss: -1, train_loss: 1e999}
"""
    check_messages(
        problems(tmp_path, text),
        "hyperparameters.pooling: ...once...lines 3 and 3",
        "trainign: ...nearest: training",
        "training.epoch: ...nearest: epochs",
        'name: ...text...""',
        "description: ...text...a list",
        "hyperparameters.unit_1: ...nearest: units_1, units_3, units_2",
        "hyperparameters.cell: ...simple_rnn, lstm, gru...grue",
        "hyperparameters.units_2: ...whole number...2.5",
        "hyperparameters.dropout: ...one value...list",
        "labels: ...whole number...1...0",
        "parameters: ...whole number...1...true",
        "training.epochs: ...whole number...1...0",
        "training.validation_share: ...0...less than 1...1",
        "published.val_los: ...nearest: val_loss, train_loss",
        "published.val_accuracy: ...number...good",
        "published.test_accuracy: ...0 to 1...84.1",
        "published.val_loss: ...at least 0...-1",
        "published.train_loss: ...at least 0...inf",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("", "...mapping...nothing", id="empty file"),
        pytest.param("- 1", "...mapping...a list", id="list"),
        pytest.param("{}", "...at least one", id="empty mapping"),
        pytest.param(
            "labels: 3",
            "hyperparameters: ...at least one",
            id="no hyperparameters",
        ),
        pytest.param(
            "hyperparameters: 4",
            "hyperparameters: ...mapping...4",
            id="number for hyperparameters",
        ),
        pytest.param(
            "{units_1: 4, cel: gru}",
            "cel: ...nearest: cell",
            id="unknown hyperparameter",
        ),
        pytest.param(
            "hyperparameters: {units_1: {type: int, low: 1, high: 4}}",
            "hyperparameters.units_1: ...one value...mapping",
            id="range of a space",
        ),
        pytest.param(
            "{hyperparameters: {units_1: 4}, starts: []}",
            "starts: ...nearest: parameters",
            id="key of a space",
        ),
        pytest.param(
            "{hyperparameters: {units_1: 4}, training: 5}",
            "training: ...mapping...5",
            id="number for training",
        ),
        pytest.param(
            "{hyperparameters: {units_1: 4}, published: good}",
            "published: ...mapping...good",
            id="word for published",
        ),
        pytest.param(
            "{hyperparameters: {units_1: 4}, labels: many}",
            "labels: ...whole number...1...many",
            id="word for labels",
        ),
        pytest.param(
            "{training_loss: distribution_balanced, class_weighting: sqrt}",
            "class_weighting: ...none...distribution_balanced...sqrt",
            id="loss with weights of its own",
        ),
    ],
)
def test_one_problem_is_reported_once(text: str, problem: str, tmp_path: Path) -> None:
    check_messages(problems(tmp_path, text), problem)


def test_problems_of_json_have_line_and_column(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, '{"units_1": 4,\n "cell" "gru"}', "mine.json")
    assert problem.startswith("line 2, column ")


def test_a_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SpaceError, match=r"mine\.yaml: .*file.*nothing"):
        read_preset(tmp_path / "mine.yaml")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"hyperparameters": {}}, id="no hyperparameters"),
        pytest.param({"n_epochs": 0}, id="no epochs"),
        pytest.param({"validation_share": 0.0}, id="no validation"),
        pytest.param({"name": ""}, id="no name"),
    ],
)
def test_a_preset_checks_itself_wherever_it_is_made(changes: dict[str, Any]) -> None:
    with pytest.raises(ProblemsError):
        Preset(**{"name": "mine", "description": "", "hyperparameters": {"units_1": 4}, **changes})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(COMPLETE, True, id="complete preset"),
        pytest.param("labels: 3", True, id="labels alone"),
        pytest.param(
            "{hyperparameters: {units_1: {type: int}}, training: {epochs: 3}}",
            True,
            id="training key",
        ),
        pytest.param(
            "{name: mine, hyperparameters: {units_1: 4, cell: gru}}", True, id="values alone"
        ),
        pytest.param("{units_1: 4, cell: gru, unit_2: 4}", True, id="bare values"),
        pytest.param(
            "{hyperparameters: {units_1: {type: int, low: 1, high: 4}, cell: gru}}",
            False,
            id="range",
        ),
        pytest.param(
            "{hyperparameters: {units_1: 4, cell: [gru, lstm]}}", False, id="list of choices"
        ),
        pytest.param("{hyperparameters: {units_1: 4}, starts: []}", False, id="starts key"),
        pytest.param("{hyperparameters: {}}", False, id="no hyperparameters"),
        pytest.param("{units_1: {type: int, low: 1, high: 4}}", False, id="bare range"),
        pytest.param("{name: mine}", False, id="name alone"),
        pytest.param("", False, id="empty file"),
        pytest.param("[1]", False, id="list"),
    ],
)
def test_a_preset_and_a_search_space_are_distinguished_by_their_keys(
    text: str, expected: bool
) -> None:
    document, _ = read_document(text)
    assert is_preset(document) is expected
