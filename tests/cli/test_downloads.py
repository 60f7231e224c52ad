"""Files that are fetched are shown on standard error: a line each, or a bar on a terminal."""

import io
import sys
from pathlib import Path

import pytest

from search.cli.downloads import downloads
from tests.workspace import run_command


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_line_a_file_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with downloads() as progress:
        progress("imdb.npz", 0, 17_500_000)
        progress("imdb.npz", 65_536, 17_500_000)
        progress("index.json", 1_000, 2_500)
        progress("other.json", 0, None)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines() == [
        "downloading imdb.npz, 17.5 MB",
        "downloading index.json, 2.5 kB",
        "downloading other.json",
    ]


def test_bar_a_file_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with downloads() as progress:
        progress("imdb.npz", 0, 17_500_000)
        progress("imdb.npz", 17_500_000, 17_500_000)
        progress("index.json", 500, None)
    shown = terminal.getvalue()
    assert "downloading imdb.npz" in shown
    assert "17.5/17.5 MB" in shown
    assert "downloading index.json" in shown


def test_bar_is_taken_down_when_it_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with pytest.raises(KeyboardInterrupt), downloads() as progress:
        progress("imdb.npz", 0, 17_500_000)
        raise KeyboardInterrupt
    # The cursor is hidden while the bar stands: ECMA-48's private mode 25.
    assert terminal.getvalue().rindex("\x1b[?25h") > terminal.getvalue().rindex("\x1b[?25l")


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_nothing_is_shown_where_nothing_is_fetched(
    monkeypatch: pytest.MonkeyPatch, stream: type[io.StringIO]
) -> None:
    shown = stream()
    monkeypatch.setattr(sys, "stderr", shown)
    with downloads():
        pass
    assert shown.getvalue() == ""


@pytest.mark.parametrize("command", [["search", "--data", "imdb"], ["data", "describe", "imdb"]])
def test_without_network_a_command_ends_with_one_message(
    tmp_path: Path, command: list[str]
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    variables = {
        "GENRE_SEARCH_CACHE": str(tmp_path / "cache"),
        "GENRE_SEARCH_MIRROR": "http://127.0.0.1:9",
        "no_proxy": "*",
    }
    done = run_command(folder, *command, **variables)
    assert (done.code, done.out) == (1, "")
    expected = "error: imdb.npz: expected the file at http://127.0.0.1:9/imdb.npz, found no"
    assert done.err.startswith(expected)
    # Both files that it takes, so that whoever fetches them by hand need not try twice.
    assert "imdb.npz" in done.err and "imdb_word_index.json" in done.err
    assert str(tmp_path / "cache") in done.err
    assert list(folder.iterdir()) == []
