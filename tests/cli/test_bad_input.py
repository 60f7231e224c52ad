"""What a user gets wrong ends with one message, no traceback, and nothing written."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
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


def _write_foreign(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "foreign.db")) as connection:
        connection.execute("CREATE TABLE albums (title TEXT)")
        connection.commit()


def _write_incomplete(folder: Path) -> None:
    _write_foreign(folder)
    path = folder / "foreign.db"
    path.write_bytes(path.read_bytes()[:5000])


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
        "latin.csv: line 3: expected UTF-8, found the byte 0xe9",
        prepare=_write("latin.csv", "plot,genre\ncafé au thé,a\n".encode() + b"caf\xe9,a\n"),
    ),
    Case("wrong column", _search("--text-column", "plto"), "'plto'"),
    Case("wrong label column", _search("--label-column", "gender"), "'gender'"),
    Case(
        "broken row",
        ("search", "--data", "broken.csv"),
        "broken.csv: line 3: expected 2 fields as in the first row, found 3",
        prepare=_write("broken.csv", b"plot,genre\na man,x\na man, a dog,y\n"),
    ),
    Case(
        "one label value",
        ("search", "--data", "same.csv"),
        "expected two labels or more in column 'genre', found only 'same'",
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
    Case(
        "no trials",
        _search("--trials", "0"),
        "--trials: expected a whole number of 1 or more, got 0",
    ),
    Case(
        "negative time",
        _search("--timeout", "-5"),
        "--timeout: expected more than 0 seconds, got -5",
    ),
    Case(
        "no time", _search("--timeout", "nan"), "--timeout: expected more than 0 seconds, got nan"
    ),
    Case(
        "no parameters",
        _search("--max-parameters", "0"),
        "--max-parameters: expected a whole number of 1",
    ),
    Case("no gap", _search("--max-gap", "-1"), "--max-gap: expected a number of 0 or more, got -1"),
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
    Case(
        "unknown objective",
        _search("--objective", "val_los"),
        "--objective: expected some of val_loss, macro_f1, parameters, seconds, gap, got 'val_los' "
        "Nearest: val_loss.",
    ),
    Case("no quality", _search("--objective", "gap,seconds"), "expected val_loss or macro_f1"),
    Case("objective twice", _search("--objective", "gap,val_loss,gap"), "got gap twice"),
    Case(
        "unknown engine",
        _search("--engine", "kerastuner"),
        "--engine: expected one of optuna, keras-tuner, got 'kerastuner' Nearest: keras-tuner.",
    ),
    Case("unknown sampler", _search("--sampler", "tpee"), "got 'tpee' Nearest: tpe."),
    Case(
        "unknown sampler for a corpus to download",
        ("search", "--data", "imdb", "--sampler", "tpee"),
        "--sampler: ",
    ),
    Case("a name with a space", _search("--study", "my films"), "--study: expected letters"),
    Case(
        "a fork with a space",
        _search("--study", "films", "--fork", "my films"),
        "--fork: expected letters",
    ),
    Case("a fork of the latest", _search("--study", "latest", "--fork", "b"), "--study: expected"),
    Case("a fork of nothing", _search("--fork", "b"), "--fork needs --study", 2),
    Case("unknown pruner", _search("--pruner", "medain"), "got 'medain' Nearest: median."),
    Case(
        "unknown tuner",
        _search("--engine", "keras-tuner", "--tuner", "hyperbnd"),
        "got 'hyperbnd' Nearest: hyperband.",
    ),
    Case(
        "unknown option of the sampler",
        _search("--sampler-option", "n_startup=3"),
        "--sampler-option: tpe has no option 'n_startup' Nearest: n_startup_trials.",
    ),
    Case(
        "ill-valued option of the pruner",
        _search("--pruner-option", "n_startup_trials=some"),
        "--pruner-option: n_startup_trials: ",
    ),
    Case(
        "unknown hyperparameter",
        _search("--space", "mine.yaml"),
        "nearest: units_1",
        prepare=_write("mine.yaml", b"name: mine\ndescription: d\nhyperparameters: {unit_1: 4}"),
    ),
    Case(
        "a pruner of several objectives",
        _search("--objective", "val_loss,parameters", "--pruner", "median"),
        "--pruner: median: a trial with several objectives cannot be pruned",
    ),
    Case(
        "a grid over a continuous range",
        _search("--sampler", "grid"),
        "learning_rate",
    ),
    Case(
        "a sampler of KerasTuner",
        _search("--engine", "keras-tuner", "--sampler", "tpe"),
        "--sampler: KerasTuner takes none; its tuners propose the trials",
    ),
    Case(
        "a pruner of KerasTuner",
        _search("--engine", "keras-tuner", "--pruner", "median"),
        "--pruner: KerasTuner takes none; it cannot prune",
    ),
    Case(
        "several objectives of KerasTuner",
        _search("--engine", "keras-tuner", "--objective", "val_loss,gap"),
        "--engine: keras-tuner takes one objective",
    ),
    Case(
        "a tuner of Optuna",
        _search("--tuner", "hyperband"),
        "--tuner: belongs to KerasTuner, but the engine is optuna",
    ),
    Case(
        "no patience",
        _search("--patience", "0"),
        "--patience: expected a whole number of 1 or more, got 0",
    ),
    Case(
        "missing word vectors",
        _search("--embeddings", "vectors.txt"),
        "vectors.txt: expected a file, found nothing there",
    ),
    Case(
        "ragged word vectors",
        _search("--embeddings", "vectors.txt"),
        "vectors.txt: line 2: ",
        prepare=_write("vectors.txt", b"man 0.1 0.2 0.3\ntown 0.1 0.2\nday 0.1 0.2 0.3\n"),
    ),
    Case(
        "a space that needs word vectors",
        _search("--space", "mine.yaml"),
        "mine: embedding_initialization: file needs",
        prepare=_write(
            "mine.yaml",
            b"name: mine\ndescription: d\nhyperparameters: {embedding_initialization: file}",
        ),
    ),
    Case(
        "the database of another program",
        _search("--storage", "sqlite:///foreign.db"),
        "the database of another program, with the tables albums",
        prepare=_write_foreign,
    ),
    Case(
        "a database whose end is missing",
        _search("--storage", "sqlite:///foreign.db"),
        "foreign.db: expected a database of studies of ",
        prepare=_write_incomplete,
    ),
    Case(
        "a file that is no database",
        _search("--storage", "sqlite:///foreign.db"),
        "foreign.db: expected a database of studies, found a file that is not a database of SQLite",
        prepare=_write("foreign.db", b"album,year\n" * 50),
    ),
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
    before = _contents(tmp_path)
    finished = run_command(tmp_path, *case.arguments)
    assert finished.code == case.code
    assert case.message in " ".join(finished.err.split())
    assert "Traceback" not in finished.err
    assert finished.err.casefold().count("error:") == 1
    assert finished.out == ""
    assert _contents(tmp_path) == before


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_an_address_that_is_no_database_of_studies_is_refused(tmp_path: Path) -> None:
    write_films(tmp_path / "films.csv")
    tracking = f"sqlite:///{tmp_path / 'mlflow.db'}"
    command = _search("--storage", "studies", "--tracking-uri", tracking)
    finished = run_command(tmp_path, *command)
    assert finished.code == 1
    assert "error: studies: expected a database of studies" in finished.err
    assert "sqlite:///studies.db" in finished.err
    assert not (tmp_path / "mlruns").exists()
