from pathlib import Path

import pytest

from search.errors import SpaceError
from search.space.codec import make_space, to_yaml
from search.space.files import read_file
from tests.space.messages import check_messages
from tests.space.parsing import parse_space

TEXT = """\
name: small
description: "Two: cells."   # a comment
hyperparameters:
  units_1: {type: int, low: 16, high: 64, step: 16}
  learning_rate: {type: float, low: 1e-5, high: 1e-2, log: true}
  cell: {type: categorical, choices: [lstm, gru]}
  embedding_skip: false
  momentum: {type: fixed, value: 0.5, when: {cell: "!= lstm", units_1: [16, 32]}}
starts:
  - name: one
    values: {units_1: 16, learning_rate: 1e-3, cell: gru}
"""


def test_a_written_space_is_read_back_equal() -> None:
    space = parse_space(TEXT, "small.yaml")
    again = parse_space(to_yaml(space), "again.yaml")
    assert again == space
    assert again.hash == space.hash


def test_comments_and_key_order_do_not_change_the_hash() -> None:
    lines = TEXT.splitlines()
    lines[3], lines[5] = lines[5], lines[3]
    moved = "\n".join(["# another comment", *lines])
    assert parse_space(moved, "a").hash == parse_space(TEXT, "b").hash


def test_every_problem_is_a_line_with_the_path_as_given_and_its_key_path() -> None:
    text = TEXT.replace("high: 64, step: 16", "high: 8").replace("choices", "choises")
    text += "starts: []\n"
    with pytest.raises(SpaceError) as caught:
        parse_space(text, "spaces/small.yaml")
    check_messages(
        caught.value.message.splitlines(),
        "spaces/small.yaml: starts: ...once...lines 9 and 12",
        "spaces/small.yaml: hyperparameters.units_1.low: ...(8)...16",
        "spaces/small.yaml: hyperparameters.cell.choises: ...nearest: choices",
        "spaces/small.yaml: hyperparameters.cell.choices: ...given...categorical",
    )
    assert "spaces show genre --yaml" in caught.value.hint


def test_malformed_yaml_gives_file_line_and_column() -> None:
    with pytest.raises(SpaceError, match=r"^small\.yaml: line 2, column 10: .*YAML"):
        parse_space("name: a\nstarts: b: c\n", "small.yaml")


def test_an_empty_file_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.touch()
    with pytest.raises(SpaceError, match=r"empty\.yaml: .*mapping.*nothing"):
        make_space(read_file(path), {})


LONG = """\
name: long
hyperparameters:
  cell: {type: categorical, choices: [lstm, gru]}
  units_1: {type: int, low: 8, high: 64, when: {cell: gru}}
  units_2: {type: int, low: 8, high: 64, when: {recurrent_layers: ">= 2", cell: gru}}
  recurrent_layers: {type: int, low: 1, high: 2}
"""
COMPACT = """\
name: compact
hyperparameters:
  recurrent_layers: {type: int, low: 1, high: 2}
  units: {type: int, low: 8, high: 64, repeat: recurrent_layers, when: {cell: gru}}
  cell: {type: categorical, choices: [lstm, gru]}
"""


def test_layers_repeated_and_written_out_are_the_same_search() -> None:
    compact = parse_space(COMPACT, "compact.yaml")
    assert compact.hash == parse_space(LONG, "long.yaml").hash
    assert parse_space(to_yaml(compact), "again.yaml") == compact


def test_a_start_from_a_preset_is_the_same_as_its_values(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("name: own\nhyperparameters: {cell: gru, units_1: 16}")
    (tmp_path / "winner").mkdir()
    (tmp_path / "winner" / "hyperparameters.json").write_text('{"cell": "lstm"}')
    path = tmp_path / "mine.yaml"
    path.write_text(
        f"{COMPACT}starts: [{{preset: known}}, {{file: winner/hyperparameters.json}}]\n"
    )
    space = make_space(read_file(path), {"known": tmp_path / "own.yaml"})
    values = "{cell: gru, recurrent_layers: 1, units_1: 16}"
    first = f"{{name: own, values: {values}}}"
    second = "{name: winner, values: {cell: lstm, recurrent_layers: 1}}"
    written = parse_space(f"{COMPACT}starts: [{first}, {second}]", "written.yaml")
    assert space == written
    assert parse_space(to_yaml(space), "again.yaml") == space


def test_where_a_preset_leaves_the_space_is_reported_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("{cell: lstm, recurrent_layers: 3, units_1: 16, dropout: 1}")
    (tmp_path / "far.yaml").write_text(
        "{cell: gru, recurrent_layers: 1, units_1: 128, units_2: 64, dropout: 0.5}"
    )
    path = tmp_path / "mine.yaml"
    path.write_text(f"{COMPACT}starts: [{{preset: own.yaml}}, {{preset: far.yaml}}]\n")
    with pytest.raises(SpaceError) as caught:
        make_space(read_file(path), {})
    check_messages(
        [line.removeprefix(f"{path}: ") for line in caught.value.message.splitlines()],
        f"starts[0].preset: {tmp_path}/own.yaml: dropout: ...0 to 0.9...1",
        "starts[1].preset.dropout: ...not in the space...0...0.5",
        "starts[1].preset.units_1: ...8 to 64...128",
        "starts[1].preset.units_2: ...left out unless cell is gru and recurrent_layers >= 2",
    )
