from pathlib import Path
from typing import Any

import pytest

from search.errors import SpaceError
from search.space.files import File, is_path, parse_file, read_file, read_text
from search.space.problem import Problem, ProblemsError
from tests.space.messages import check_messages


def refuse(content: Any) -> Any:
    raise ProblemsError([Problem("a.b", "must be more"), Problem("", f"got {content}")])


def test_a_file_is_read_as_what_is_made_of_its_content(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text('{"a": [1, 2]}')
    file = read_file(path)
    assert file == File(path, {"a": [1, 2]})
    assert file.read_as(lambda content: content["a"], "") == [1, 2]


def test_problems_of_the_file_and_of_what_is_made_are_one_error_with_the_path() -> None:
    file = parse_file("{a: 1, a: 2}", "folder/mine.yaml")
    with pytest.raises(SpaceError) as caught:
        file.read_as(refuse, "Mend it.")
    check_messages(
        caught.value.message.splitlines(),
        "folder/mine.yaml: a: ...once...lines 1 and 1",
        "folder/mine.yaml: a.b: must be more",
        "folder/mine.yaml: got {'a': 1}",
    )
    assert caught.value.hint == "Mend it."


def test_a_key_that_stands_twice_is_refused_though_a_value_could_be_made() -> None:
    with pytest.raises(SpaceError, match=r"a: .*once"):
        parse_file("{a: 1, a: 2}", "mine.yaml").read_as(lambda content: content, "")


def test_nothing_is_made_of_what_is_no_yaml() -> None:
    file = parse_file("a: b: c", "mine.yaml")
    assert file.content is None
    with pytest.raises(SpaceError, match=r"^mine\.yaml: line 1, column 5: .*YAML"):
        file.read_as(refuse, "")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        *[
            pytest.param(path, True, id=f"path {path}")
            for path in ("mine.yaml", "mine.yml", "a.json", "./a", "a/", "a\\b")
        ],
        *[
            pytest.param(name, False, id=f"name {name}")
            for name in ("genre", "imdb-lstm-100", "mine.txt", "")
        ],
    ],
)
def test_a_path_and_a_name_are_distinguished(source: str, expected: bool) -> None:
    assert is_path(source) is expected


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: small")
    assert read_text(path) == "name: small"


def test_a_file_that_cannot_be_read_is_reported_with_its_path(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"name: \xe9")
    with pytest.raises(SpaceError, match=r"latin\.yaml: .*UTF-8.*0xe9.*6"):
        read_file(latin)
    with pytest.raises(SpaceError, match=r"file.*folder"):
        read_file(tmp_path)
    with pytest.raises(SpaceError, match=r"none\.yaml: .*file.*nothing"):
        read_file(tmp_path / "none.yaml")
    with pytest.raises(SpaceError, match="read"):
        read_file("a\0b.yaml")
