from pathlib import Path

import pytest

from search.errors import SpaceError
from search.space.codec import parse_space, read_space, to_yaml

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
    assert caught.value.message.splitlines() == [
        "spaces/small.yaml: starts: must stand once, got it on lines 9 and 12",
        "spaces/small.yaml: hyperparameters.units_1.low: must be at most high (8), got 16",
        "spaces/small.yaml: hyperparameters.cell.choises: is no key here; nearest: choices",
        "spaces/small.yaml: hyperparameters.cell.choices: must be given for categorical",
    ]
    assert "spaces show genre --yaml" in caught.value.hint


def test_malformed_yaml_gives_file_line_and_column() -> None:
    with pytest.raises(SpaceError, match=r"^small.yaml: line 2, column 10: is not YAML"):
        parse_space("name: a\nstarts: b: c\n", "small.yaml")


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.touch()
    with pytest.raises(SpaceError, match=r"empty.yaml: must be a mapping with name.* got nothing"):
        read_space(path)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert read_space(path).name == "small"


def test_a_file_that_cannot_be_read_is_told_with_its_path(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"name: \xe9")
    with pytest.raises(SpaceError, match=r"latin.yaml: must be UTF-8, got byte 0xe9 at 6"):
        read_space(latin)
    with pytest.raises(SpaceError, match="must be a file, got a folder"):
        read_space(tmp_path)
    with pytest.raises(SpaceError, match=r"none.yaml: must be a file, found nothing there"):
        read_space(tmp_path / "none.yaml")
    with pytest.raises(SpaceError, match="cannot be read: "):
        read_space("a\0b.yaml")
