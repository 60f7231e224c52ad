"""What a word is, in each script."""

import unicodedata

import pytest

from search.text.words import split_words


def test_words_are_case_folded_and_keep_their_accents() -> None:
    assert split_words("Amélie goes to PARIS") == ["amélie", "goes", "to", "paris"]


def test_folding_goes_further_than_lower_case() -> None:
    assert split_words("STRASSE Straße") == ["strasse", "strasse"]


def test_an_accent_written_as_a_mark_of_its_own_makes_the_same_word() -> None:
    decomposed = unicodedata.normalize("NFD", "Amélie")
    assert len(decomposed) == 7
    assert split_words(decomposed) == ["amélie"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("killer's", ["killer", "s"]),
        ("l\N{RIGHT SINGLE QUOTATION MARK}amour", ["l", "amour"]),
        ("sci-fi", ["sci", "fi"]),
        ("snake_case", ["snake", "case"]),
        ("3.5 stars, 2nd try", ["3", "5", "stars", "2nd", "try"]),
        ("one\ttwo\nthree four", ["one", "two", "three", "four"]),
    ],
    ids=[
        "apostrophe",
        "typographic apostrophe",
        "hyphen",
        "underscore",
        "point and comma",
        "white space",
    ],
)
def test_everything_but_letters_and_digits_separates(text: str, words: list[str]) -> None:
    assert split_words(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("恋愛映画", ["恋", "愛", "映", "画"]),
        ("ラーメン", ["ラ", "ー", "メ", "ン"]),
        ("さようなら", ["さ", "よ", "う", "な", "ら"]),
        ("我love你", ["我", "love", "你"]),
        ("2020年の夏", ["2020", "年", "の", "夏"]),
        ("スーパーman", ["ス", "ー", "パ", "ー", "man"]),
        ("ภาษา", ["ภ", "า", "ษ", "า"]),
    ],
    ids=[
        "Han",
        "Katakana",
        "Hiragana",
        "Han and Latin",
        "Han and digits",
        "Katakana and Latin",
        "Thai",
    ],
)
def test_each_character_is_a_word_where_a_script_has_no_spaces(text: str, words: list[str]) -> None:
    assert split_words(text) == words


def test_a_spaceless_character_keeps_the_marks_above_it() -> None:
    # Four characters on a line and two marks: tho thahan with mai ek, sara ii with mai ek.
    assert split_words("ที่นี่") == ["ที่", "นี่"]


def test_korean_and_hindi_words_stay_whole() -> None:
    assert split_words("한국어 영화") == ["한국어", "영화"]
    assert split_words("हिन्दी फ़िल्म") == [unicodedata.normalize("NFC", w) for w in ("हिन्दी", "फ़िल्म")]


@pytest.mark.parametrize(
    "text",
    ["", " \n", "?!… — €", "❤️", "。", "။", "́"],
    ids=[
        "empty",
        "white space",
        "signs",
        "emoji",
        "full stop",
        "Burmese full stop",
        "a mark alone",
    ],
)
def test_a_text_without_letters_or_digits_has_no_words(text: str) -> None:
    assert split_words(text) == []
