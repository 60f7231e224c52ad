from pathlib import Path

import pytest

from tests.films import write_films
from tests.workspace import run_command

COMMANDS = ("search", "trials", "best", "predict", "spaces", "data")


def test_help_names_every_command_and_ends_with_0(tmp_path: Path) -> None:
    finished = run_command(tmp_path, "--help")
    assert finished.code == 0
    assert all(f"\n  {command} " in finished.out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_commands_help_has_an_example(tmp_path: Path, command: str) -> None:
    finished = run_command(tmp_path, command, "--help")
    assert finished.code == 0
    assert "Example" in finished.out
    assert f"genre-search {command}" in finished.out


def test_the_version_is_the_packages(tmp_path: Path) -> None:
    from search import __version__

    assert run_command(tmp_path, "--version").out == f"genre-search, version {__version__}\n"


def test_an_error_stands_alone_on_standard_error_with_its_hint_below(tmp_path: Path) -> None:
    finished = run_command(tmp_path, "trials")
    error, hint = finished.err.splitlines()
    assert error.startswith("error: studies.db: expected a database of studies")
    assert hint.startswith("Run `genre-search search` first")
    assert (finished.code, finished.out) == (1, "")


def test_the_status_of_a_command_that_ends_itself_is_passed_on(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("name: mine\n")
    assert run_command(tmp_path, "spaces", "check", "mine.yaml").code == 1


def test_a_database_that_cannot_be_made_is_refused_without_a_traceback(tmp_path: Path) -> None:
    write_films(tmp_path / "films.csv")
    arguments = ("--data", "films.csv", "--space", "smoke", "--storage", "sqlite:////proc/s.db")
    finished = run_command(tmp_path, "search", *arguments)
    assert finished.code == 1
    assert finished.err.splitlines()[-2].startswith("error: sqlite:////proc/s.db: expected")
    assert "Traceback" not in finished.err
