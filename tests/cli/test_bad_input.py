"""What a user gets wrong ends with one message, no traceback, and nothing written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.films import write_films
from tests.workspace import run_command


def _nothing(folder: Path) -> None:
    pass


@dataclass(frozen=True)
class Case:
    """A command that fails, what was done to its folder before, and a part of what it says."""

    name: str
    arguments: tuple[str, ...]
    message: str
    code: int = 1
    prepare: Callable[[Path], object] = field(default=_nothing)


def _write(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(content)


def _rows(n_rows: int, label: str = "{}") -> bytes:
    rows = [f"story {i} of a man and a woman,{label.format('abcd'[i % 4])}" for i in range(n_rows)]
    return "\n".join(["plot,genre", *rows]).encode()


def _search(*arguments: str) -> tuple[str, ...]:
    return ("search", "--data", "films.csv", "--space", "smoke", *arguments)


CASES = (
    Case("missing file", ("search", "--data", "flims.csv"), "Did you mean films.csv?"),
    Case(
        "empty file",
        ("search", "--data", "empty.csv"),
        "empty.csv: expected a table, found an empty file",
        prepare=_write("empty.csv", b""),
    ),
    Case(
        "wrong encoding",
        ("search", "--data", "latin.csv"),
        "latin.csv: line 2: expected UTF-8, found the byte 0xe9",
        prepare=_write("latin.csv", b"plot,genre\ncaf\xe9,a\n"),
    ),
    Case("wrong column", _search("--text-column", "plto"), "'plto'"),
    Case("wrong label column", _search("--label-column", "gender"), "'gender'"),
    Case(
        "broken row",
        ("search", "--data", "broken.csv"),
        "broken.csv: line 3: expected 2 fields as in the header, found 3",
        prepare=_write("broken.csv", b"plot,genre\na man,x\na man, a dog,y\n"),
    ),
    Case(
        "one label value",
        ("search", "--data", "same.csv"),
        "a label column with one value cannot be learned",
        prepare=_write("same.csv", _rows(40, "same")),
    ),
    Case(
        "few texts",
        ("search", "--data", "few.csv"),
        "expected at least 20 rows",
        prepare=_write("few.csv", _rows(19)),
    ),
    Case("a folder", ("search", "--data", "."), "expected a file, found a folder"),
    Case("unknown format", ("search", "--data", "x.doc"), "x.doc", prepare=_write("x.doc", b"x")),
    Case("unknown space", _search("--space", "gnere"), "must be a shipped space"),
    Case("missing space", _search("--space", "mine.yaml"), "mine.yaml"),
    Case(
        "malformed YAML",
        _search("--space", "mine.yaml"),
        "mine.yaml",
        prepare=_write("mine.yaml", b"name: [mine\n"),
    ),
    Case(
        "impossible space",
        _search("--space", "mine.yaml"),
        "units_1",
        prepare=_write(
            "mine.yaml",
            b"name: mine\ndescription: d\nhyperparameters: {units_1: {type: int, low: 9, high: 4}}",
        ),
    ),
    Case("no trials", _search("--trials", "0"), "--trials: expected 1 or more, got 0"),
    Case(
        "negative time",
        _search("--timeout", "-5"),
        "--timeout: expected more than 0 seconds, got -5",
    ),
    Case(
        "no time", _search("--timeout", "nan"), "--timeout: expected more than 0 seconds, got nan"
    ),
    Case("no parameters", _search("--max-parameters", "0"), "--max-parameters: expected 1"),
    Case("no gap", _search("--max-gap", "-1"), "--max-gap: expected 0 or more, got -1"),
    Case("no epochs", _search("--epochs", "0"), "0 is not in the range x>=1", 2),
    Case("no network kept", _search("--keep", "0"), "0 is not in the range x>=1", 2),
    Case("negative seed", _search("--seed", "-1"), "-1 is not in the range x>=0", 2),
    Case("target of words", _search("--target", "low"), "expected a number, auto or none", 2),
    Case("target that is no number", _search("--target", "nan"), "expected a number", 2),
    Case(
        "target without end",
        _search("--target", "inf"),
        "expected a number, auto or none, got 'inf'",
        2,
    ),
    Case("trials of words", _search("--trials", "many"), "not a valid integer", 2),
    Case("unknown option", _search("--trails", "3"), "No such option", 2),
    Case("unknown objective", _search("--objective", "loss"), "val_loss", 2),
    Case("unknown command", ("serach",), "No such command", 2),
    Case("no study", ("trials",), "expected a database of studies, found none"),
    Case("nothing to export", ("best", "--export", "winner"), "expected a database of studies"),
    Case("no bundle", ("predict", "--model", "winner", "a text"), "winner: expected a bundle"),
    Case("no text", ("predict", "--model", "winner", " "), "TEXT: expected words"),
    Case("no text at all", ("predict", "--model", "winner"), "Missing argument", 2),
    Case("no model", ("predict", "a text"), "Missing option '--model'", 2),
    Case("columns of a name", ("search", "--text-column", "plot"), "expected a file"),
    Case(
        "a tracking store that is none", _search("--tracking-uri", "ftp://x/y"), "MLflow: could not"
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.name))
def test_a_mistake_ends_with_one_message_and_nothing_written(case: Case, tmp_path: Path) -> None:
    write_films(tmp_path / "films.csv")
    case.prepare(tmp_path)
    before = {path.name for path in tmp_path.iterdir()}
    finished = run_command(tmp_path, *case.arguments)
    assert finished.code == case.code
    assert case.message in finished.err
    assert "Traceback" not in finished.err
    assert finished.err.casefold().count("error:") == 1
    assert finished.out == ""
    assert {path.name for path in tmp_path.iterdir()} == before


def test_an_address_that_is_no_store_of_studies_is_told(tmp_path: Path) -> None:
    write_films(tmp_path / "films.csv")
    tracking = f"sqlite:///{tmp_path / 'mlflow.db'}"
    command = _search("--storage", "studies", "--tracking-uri", tracking)
    finished = run_command(tmp_path, *command)
    assert finished.code == 1
    assert "error: studies: expected a database of studies" in finished.err
    assert "sqlite:///studies.db" in finished.err
    assert not (tmp_path / "mlruns").exists()
