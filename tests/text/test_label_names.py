"""Which words name a label, and what is left of a text when the names are masked."""

from pathlib import Path

import pytest

from search.data.corpus import open_corpus
from search.text.label_names import LabelNames
from search.text.tokens import tokenize


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Drama", "A DRAMA."),
        ("Drama", "two dramas"),
        ("Dramas", "a drama"),
        ("Comedy", "her comedies"),
        ("Comedies", "a dark comedy-horror"),
        ("Science Fiction", "old science-fiction tales"),
        ("Sci-Fi", "a sci fi story"),
        ("Action & Adventure", "action and adventure"),
        ("Action & Adventure", "Action & Adventure"),
        ("Action and Adventure", "action, adventure"),
        ("Kids' TV", "on kids tv"),
        ("Class", "two classes"),
        ("TV Shows", "a TV show"),
        pytest.param("Märchen", "ein Ma\u0308rchen", id="combining umlaut"),
        pytest.param("Straßenfilm", "ein STRASSENFILM", id="sharp s in capitals"),
        pytest.param("ドラマ", "このドラマは", id="Japanese"),
        pytest.param("SF", "このSF映画", id="Latin inside Japanese"),
    ],
)
def test_text_names_a_label_in_any_case_number_and_spelling(name: str, text: str) -> None:
    names = LabelNames((name,))
    assert names.find_named(tokenize([text])).tolist() == [[True]]
    assert names.find_named(tokenize([names.mask(text)])).tolist() == [[False]]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("War", "an award toward the wary"),
        ("Romance", "a romantic evening"),
        ("Science Fiction", "science, and later fiction"),
        ("News", "a new day"),
        ("Tennis", "tenni"),
        ("1", "1 of 10"),
        ("0", "0"),
        ("R", "r and R"),
        ("no", "no, never"),
        ("True", "a true story"),
    ],
)
def test_other_words_name_no_label(name: str, text: str) -> None:
    names = LabelNames((name,))
    assert not names.find_named(tokenize([text])).any()
    assert names.mask(text) == text


def test_nested_and_overlapping_names_are_all_found() -> None:
    names = LabelNames(("TV Dramas", "Dramas", "Drama Series", "Horror"))
    assert names.find_named(tokenize(["a TV drama series", ""])).tolist() == [
        [True, True, True, False],
        [False] * 4,
    ]
    assert names.mask("my TV drama series, they say") == "my …, they say"


def test_one_phrase_can_name_two_labels() -> None:
    assert LabelNames(("Sport", "Sports")).find_named(tokenize(["sports"])).tolist() == [
        [True, True]
    ]


def test_no_texts_and_no_names_give_empty_matrices() -> None:
    assert LabelNames(("a b", "c d")).find_named(tokenize([])).shape == (0, 2)
    assert LabelNames(()).find_named(tokenize(["drama"])).shape == (1, 0)


def test_names_that_are_no_words_are_told() -> None:
    assert LabelNames(("Drama", "1", "no", "x", "愛")).wordless == ("1", "no", "x")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        pytest.param(
            "Ant-Man is a 2015 American superhero film.",
            "Ant-Man is a … film.",
            id="year and label",
        ),
        pytest.param(
            "It is a lost 1914 silent short drama film by X.",
            "It is a … film by X.",
            id="several labels",
        ),
        pytest.param("B is an upcoming American caper film.", "B is an … film.", id="an upcoming"),
        pytest.param("C was a 1950s horror film", "C was a … film", id="decade"),
        pytest.param("D is 1918 American mockumentary film", "D is … film", id="no article"),
        pytest.param(
            "E, a 1934 black-and-white film series, ran.", "E, a … series, ran.", id="series"
        ),
        pytest.param("F is a 1973 made-for-television heist film.", "F is a … film.", id="hyphens"),
        pytest.param(
            "G is a 1917 silent film drama directed", "G is a … … directed", id="label after film"
        ),
    ],
)
def test_what_describes_a_film_is_masked_whole(text: str, masked: str) -> None:
    names = LabelNames(("Drama", "Horror", "Superhero"))
    assert names.mask(text) == masked
    assert names.mask(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        "this is a stunning film",
        "He is a man who hates the horror film",
        "She is a star of the 1950 film",
        "is a film",
    ],
)
def test_descriptions_without_year_and_label_stay(text: str) -> None:
    assert LabelNames(("Drama",)).mask(text) == text


def test_masking_keeps_words_apart_and_leaves_no_name_that_it_makes() -> None:
    names = LabelNames(("Science Fiction", "Drama"))
    assert names.mask("a comedy-drama-western") == "a comedy-…-western"
    assert names.mask("science drama fiction") == "…"
    assert names.mask("Drama") == "…"
    assert names.mask("") == ""


def test_texts_are_masked_together_as_each_alone() -> None:
    names = LabelNames(("Drama", "Science Fiction", "A Film"))
    texts = [
        *("A drama.", "no name", "", "is a 2015 film", "science drama fiction", "cafe\u0301"),
        *("was a 1950s spy film", "is a dark film", "old science-fiction tales", "war … drama"),
    ]
    masked = names.mask_texts(texts, tokenize(texts))
    assert masked == tuple(map(names.mask, texts))
    assert masked[:2] == ("A ….", "no name")
    assert masked[3] == "is …"


def test_unnamed_text_comes_back_as_it_is() -> None:
    decomposed = "cafe\u0301"
    assert LabelNames(("Drama",)).mask(decomposed) == decomposed


def test_masked_wikipedia_leads_name_no_label(real_data: Path) -> None:
    corpus = open_corpus(str(real_data / "wikipedia_movies.jsonl.gz"))
    names = LabelNames(corpus.label_names)
    masked = [names.mask(text) for text in corpus.texts[::5]]
    assert all(masked)
    assert not names.find_named(tokenize(masked)).any()
    assert [names.mask(text) for text in masked] == masked
