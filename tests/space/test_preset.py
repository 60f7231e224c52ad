import json
from pathlib import Path
from typing import Any

import pytest

from search.errors import SpaceError
from search.space.document import read_document
from search.space.hyperparameters import Value
from search.space.preset import Preset, is_preset, read_preset
from search.space.problem import Refused

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


def test_all_problems_of_a_file_are_told_at_once_with_their_key_paths(tmp_path: Path) -> None:
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
    assert problems(tmp_path, text) == [
        "hyperparameters.pooling: must stand once, got it on lines 3 and 3",
        "trainign: is no key here; nearest: training",
        "training.epoch: is no key here; nearest: epochs",
        'name: must be text, got ""',
        "description: must be text, got a list",
        "hyperparameters.unit_1: is no hyperparameter; nearest: units_1, units_3, units_2",
        "hyperparameters.cell: must be one of simple_rnn, lstm, gru, got grue",
        "hyperparameters.units_2: must be a whole number, got 2.5",
        "hyperparameters.dropout: must be one value, got a list",
        "labels: must be a whole number of 1 or more, got 0",
        "parameters: must be a whole number of 1 or more, got true",
        "training.epochs: must be a whole number of 1 or more, got 0",
        "training.validation_share: must be more than 0 and less than 1, got 1",
        "published.val_los: is no key here; nearest: val_loss, train_loss",
        "published.val_accuracy: must be a number, got good",
        "published.test_accuracy: must be from 0 to 1, got 84.1",
        "published.val_loss: must be 0 or more, and finite, got -1",
        "published.train_loss: must be 0 or more, and finite, got inf",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "must be a mapping from hyperparameters to values, got nothing"),
        ("- 1", "must be a mapping from hyperparameters to values, got a list"),
        ("{}", "must have at least one hyperparameter, got none"),
        ("labels: 3", "hyperparameters: must have at least one hyperparameter, got none"),
        (
            "hyperparameters: 4",
            "hyperparameters: must be a mapping from hyperparameters to values, got 4",
        ),
        ("{units_1: 4, cel: gru}", "cel: is no hyperparameter; nearest: cell"),
        (
            "hyperparameters: {units_1: {type: int, low: 1, high: 4}}",
            "hyperparameters.units_1: must be one value, got a mapping",
        ),
        (
            "{hyperparameters: {units_1: 4}, starts: []}",
            "starts: is no key here; nearest: parameters",
        ),
        (
            "{hyperparameters: {units_1: 4}, training: 5}",
            "training: must be a mapping, got 5",
        ),
        (
            "{hyperparameters: {units_1: 4}, published: good}",
            "published: must be a mapping, got good",
        ),
        (
            "{hyperparameters: {units_1: 4}, labels: many}",
            "labels: must be a whole number of 1 or more, got many",
        ),
        (
            "{training_loss: distribution_balanced, class_weighting: sqrt}",
            "class_weighting: must be none where training_loss is distribution_balanced, which has "
            "weights of its own, got sqrt",
        ),
    ],
)
def test_one_problem_is_told_once(text: str, problem: str, tmp_path: Path) -> None:
    assert problems(tmp_path, text) == [problem]


def test_problems_of_json_have_line_and_column(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, '{"units_1": 4,\n "cell" "gru"}', "mine.json")
    assert problem.startswith("line 2, column ")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SpaceError, match=r"mine\.yaml: must be a file, found nothing there"):
        read_preset(tmp_path / "mine.yaml")


@pytest.mark.parametrize(
    "changes",
    [{"hyperparameters": {}}, {"n_epochs": 0}, {"validation_share": 0.0}, {"name": ""}],
)
def test_a_preset_checks_itself_wherever_it_is_made(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        Preset(**{"name": "mine", "description": "", "hyperparameters": {"units_1": 4}, **changes})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (COMPLETE, True),
        ("labels: 3", True),
        ("{hyperparameters: {units_1: {type: int}}, training: {epochs: 3}}", True),
        ("{name: mine, hyperparameters: {units_1: 4, cell: gru}}", True),
        ("{units_1: 4, cell: gru, unit_2: 4}", True),
        ("{hyperparameters: {units_1: {type: int, low: 1, high: 4}, cell: gru}}", False),
        ("{hyperparameters: {units_1: 4, cell: [gru, lstm]}}", False),
        ("{hyperparameters: {units_1: 4}, starts: []}", False),
        ("{hyperparameters: {}}", False),
        ("{units_1: {type: int, low: 1, high: 4}}", False),
        ("{name: mine}", False),
        ("", False),
        ("[1]", False),
    ],
)
def test_a_preset_is_told_from_a_search_space_by_its_keys(text: str, expected: bool) -> None:
    document, _ = read_document(text)
    assert is_preset(document) is expected
