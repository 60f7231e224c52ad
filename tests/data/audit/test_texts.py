"""Short texts, markup and control characters."""

import pytest

from search.data.audit.finding import Finding
from search.data.audit.texts import find_in_texts
from search.text.tokens import tokenize


def find(*texts: str) -> dict[str, Finding]:
    return {finding.kind: finding for finding in find_in_texts(texts, tokenize(texts))}


def test_texts_of_fewer_than_three_words_are_short() -> None:
    found = find("two words", "now three words", "!!!", "愛の国", "x" * 300 + " y z")
    assert found["short_texts"].count == 2
    assert found["short_texts"].examples == ("two words", "!!!")


@pytest.mark.parametrize(
    "text",
    ["a<br />b", "<BR>", "</p>", "<i>x", '<a href="x">', "R&amp;D", "&#8217;", "&#x85;"],
    ids=[
        "line break",
        "capitals",
        "end tag",
        "open tag",
        "link",
        "entity",
        "decimal entity",
        "hexadecimal entity",
    ],
)
def test_tags_and_entities_are_markup(text: str) -> None:
    assert find(text)["markup"].count == 1


@pytest.mark.parametrize(
    "text",
    ["<grin>", "1 < 2 > 0", "AT&T; R&D", "&zzz;", "<3", "a & b;"],
    ids=["grin", "comparisons", "company", "unknown entity", "heart", "ampersand"],
)
def test_other_signs_are_no_markup(text: str) -> None:
    assert find(text)["markup"].count == 0


def test_control_characters_are_found_and_white_space_is_none() -> None:
    found = find("end\x85 of it", "a\tb\r\nc", "nul\x00", "\x7f")["control_characters"]
    assert found.count == 3
    assert found.examples[0] == "end\\x85 of it"


def test_mark_is_shown_with_what_stands_around_it() -> None:
    found = find("x" * 50 + "<br />" + "y" * 50)["markup"]
    assert found.examples == ("x" * 30 + "<br />" + "y" * 30,)


def test_no_texts_hold_nothing() -> None:
    assert [finding.count for finding in find().values()] == [0, 0, 0]
