from contextlib import redirect_stdout
from io import StringIO

from search.cli.listing import print_table


def printed(*rows: tuple[str, str, str]) -> list[str]:
    with redirect_stdout(StringIO()) as out:
        print_table(["name", "count", "meaning"], rows, numbers=["count"])
    return out.getvalue().splitlines()


def test_numbers_stand_at_the_right_and_words_at_the_left() -> None:
    lines = [line.rstrip() for line in printed(("one", "1", "first"), ("three", "1,000", "[b]"))]
    assert lines[0] == "name    count   meaning"
    assert lines[2:] == ["one         1   first", "three   1,000   [b]"]


def test_long_words_break_over_lines_but_never_a_name_or_a_number() -> None:
    name, number = "n" * 60, "1" * 20
    lines = printed((name, number, "a long meaning " * 10))
    assert all(len(line) <= 120 for line in lines)
    assert lines[2].startswith(f"{name}   {number}   a long meaning")
    assert len(lines) > 3
