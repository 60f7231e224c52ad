import io
from contextlib import redirect_stdout

import pytest
from rich.text import Text

from search.cli.tables import print_leaderboard, print_table
from search.report.leaderboard_row import LeaderboardRow
from search.trial.baseline import Baseline
from search.trial.confirmation import Confirmation, Retraining
from search.trial.trial import Trial
from tests.summaries import make_summary
from tests.trials import make_training, make_trial

NAME = "#128 bidirectional-lstm 256+128, attention, embeddings of 300 from a factorisation"
MEASURES = {
    "val_loss": 0.1301, "f1_micro": 0.4102, "f1_macro": 0.2603, "gap": 0.0104, "epochs": 12,
    "parameters": 12345678, "seconds": 98765.0,
}  # fmt: skip
MEASURED = ["0.4102", "0.2603", "0.0104", "fit", "12", "12,345,678", "98,765"]
ALL = ["name", "state", "value", "f1_micro", "f1_macro", "gap", "verdict", "epochs", "parameters",
       "seconds"]  # fmt: skip
LONG = make_trial(0, 0.1301, name=NAME, training=make_training(MEASURES))
SHORT = make_trial(1, 0.1402, name="#1 gru 8", training=make_training(MEASURES))
BASELINE = Baseline("label priors", "run-1", {"val_loss": 0.1711, "f1_macro": 0.0})


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def rows_of(*trials: Trial, confirmed: bool = False) -> list[LeaderboardRow]:
    fresh = Confirmation(1, tuple(Retraining(value) for value in (0.1401, 0.1402, 0.1403)))
    confirmations = {1: fresh} if confirmed else {}
    return make_summary(trials, baselines=[BASELINE], confirmations=confirmations).rows()


def printed(rows: list[LeaderboardRow], out: io.StringIO) -> list[str]:
    """Print the rows and give the lines, without colours."""
    with redirect_stdout(out):
        print_leaderboard(rows)
    lines = [Text.from_ansi(line).plain.rstrip() for line in out.getvalue().splitlines()]
    return [line for line in lines if line]


@pytest.fixture(params=["xterm-256color", "dumb"])
def narrow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Answer a terminal of 80 characters, clever or not."""
    return make_terminal(monkeypatch, width=80, kind=request.param)


def make_terminal(monkeypatch: pytest.MonkeyPatch, *, width: int, kind: str = "xterm") -> Terminal:
    monkeypatch.setenv("TERM", kind)
    monkeypatch.setenv("COLUMNS", str(width))
    return Terminal()


@pytest.mark.parametrize("columns", ["20", "80"])
@pytest.mark.parametrize("colour", ["", "1"])
def test_a_piped_table_has_every_column_whole(
    columns: str, colour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("FORCE_COLOR", colour)
    header, _rule, *lines = printed(rows_of(LONG, SHORT, confirmed=True), io.StringIO())
    assert header.split() == [*ALL[:3], "confirmed", *ALL[3:]]
    of_long = next(line for line in lines if NAME in line)
    assert of_long.replace(NAME, "").split() == ["COMPLETE", "0.1301", *MEASURED]
    of_short = next(line for line in lines if "#1 gru 8" in line)
    assert "  0.1402 ± 0.0001  " in of_short
    assert len(lines) == 3
    assert not any("…" in line for line in lines)


def test_a_terminal_with_room_has_every_column(monkeypatch: pytest.MonkeyPatch) -> None:
    header, _rule, first, *_ = printed(rows_of(SHORT), make_terminal(monkeypatch, width=100))
    assert header.split() == ALL
    assert first.split()[-7:] == MEASURED


def test_a_narrow_terminal_loses_whole_columns_the_least_important_first(narrow: Terminal) -> None:
    header, _rule, first, last = printed(rows_of(SHORT), narrow)
    assert header.split() == ALL[:-2]
    assert first.split() == ["#1", "gru", "8", "COMPLETE", "0.1402", *MEASURED[:-2]]
    assert last.split() == ["label", "priors", "BASELINE", "0.1711", "0"]


def test_fresh_seeds_stay_longer_than_other_measures(narrow: Terminal) -> None:
    header, _rule, first, _last = printed(rows_of(SHORT, confirmed=True), narrow)
    assert header.split() == ["name", "state", "value", "confirmed", "f1_macro", "gap", "verdict"]
    assert "0.1402 ± 0.0001" in first


def test_without_room_for_name_and_value_they_are_whole_all_the_same(narrow: Terminal) -> None:
    header, _rule, first, _last = printed(rows_of(LONG), narrow)
    assert header.split() == ["name", "value"]
    assert first.split() == [*NAME.split(), "0.1301"]


@pytest.mark.parametrize("width", range(20, 120, 7))
def test_no_line_is_longer_than_a_terminal_that_has_room_for_name_and_value(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = make_terminal(monkeypatch, width=width)
    lines = printed(rows_of(SHORT, confirmed=True), terminal)
    assert max(len(line) for line in lines) <= max(width, len(" label priors   0.1711"))
    assert any(line.startswith(" #1 gru 8 ") and "0.1402" in line for line in lines)


def printed_words(*rows: tuple[str, str, str]) -> list[str]:
    """Print a table of words into a pipe and give the lines."""
    with redirect_stdout(io.StringIO()) as out:
        print_table(["name", "count", "meaning"], rows, numbers=["count"])
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_numbers_are_aligned_to_the_right_and_words_to_the_left() -> None:
    lines = printed_words(("one", "1", "first"), ("three", "1,000", "[b]"))
    assert lines[0] == "name    count   meaning"
    assert lines[2:] == ["one         1   first", "three   1,000   [b]"]


def test_long_words_break_over_lines_but_never_a_name_or_a_number() -> None:
    name, number = "n" * 60, "1" * 20
    lines = printed_words((name, number, "a long meaning " * 10))
    assert all(len(line) <= 120 for line in lines)
    assert lines[2].startswith(f"{name}   {number}   a long meaning")
    assert len(lines) > 3
