"""JSON: which form a file has is seen by its content; an error says line and column."""

import json
from pathlib import Path

import pandas as pd
import pytest

from search.data.corpus import open_corpus
from search.data.read.json_records import measure_depth
from search.data.read.tables import read_table
from tests.data.read.written import LABELS, TEXTS, dump, list_labels, refuse, write

RECORDS = [{"text": t, "label": label} for t, label in zip(TEXTS, LABELS, strict=True)]
COLUMNS = {"text": list(TEXTS), "label": list(LABELS)}
LINES = "".join(json.dumps(record) + "\n" for record in RECORDS)
FORMS = {
    "list": json.dumps(RECORDS),
    "indented list": "\n " + json.dumps(RECORDS, indent=2),
    "lines": LINES,
    "blank lines": LINES.replace("\n", "\r\n\r\n"),
    "columns": json.dumps(COLUMNS),
    "pandas": pd.DataFrame(COLUMNS).to_json(),
    "list in an object": json.dumps({"data": RECORDS}),
}


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.txt", "a.csv", "a"])
@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS)
def test_form_is_recognised_under_every_name(tmp_path: Path, content: str, name: str) -> None:
    corpus = open_corpus(write(tmp_path / name, content))
    assert corpus.texts == TEXTS
    assert list_labels(corpus) == [{label} for label in LABELS]
    assert "JSON" in corpus.notes[0]


def test_records_and_strings_longer_than_a_block_are_read(tmp_path: Path) -> None:
    long = "word é " * 300_000 + "end"
    records = [
        {**record, "text": f"{i} {long[: 7 * 9_000 * (i % 5)]}"} for i, record in enumerate(RECORDS)
    ]
    records[9]["text"] = long
    for content in (json.dumps(records, ensure_ascii=False), json.dumps(records, indent=1)):
        frame = read_table(write(tmp_path / "a.json", content)).frame
        assert frame["text"].tolist() == [record["text"] for record in records]


def test_key_that_a_record_lacks_is_missing(tmp_path: Path) -> None:
    records = [*RECORDS, {"text": "no label"}, {"label": "War", "note": "no text"}]
    corpus = open_corpus(write(tmp_path / "a.json", json.dumps(records)))
    assert corpus.texts == TEXTS
    assert "2 of 26 rows dropped" in corpus.notes[2]


def test_line_separator_character_inside_a_string_ends_no_line(tmp_path: Path) -> None:
    content = LINES.replace("a storm", "a\u2028storm\x85")
    assert open_corpus(write(tmp_path / "a.jsonl", content)).texts[0].startswith("a\u2028storm\x85")


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ('[{"a": 1},\n {"a" 2}]', ("line 2, column 7", "entry 2")),
        ('[{"a": 1},\n {"a": }]', ("line 2, column 8", "entry 2")),
        ('{"a": 1}\n\n{"a" \n{"a": 2}', ("line 4, column 1",)),
        ('[{"a": 1},\n\n 7]', ("line 3, column 2", "entry 2", "int")),
        ('{"a": 1}\n[1]\n', ("line 2, column 1", "list")),
        ('[{"a": 1},\n {"a": 2}', ("line 2", "end", "entry 2")),
        ('[{"a": 1}\n {"a": 2}]', ("line 2, column 2", "comma")),
        ('[{"a": 1},,\n {"a": 2}]', ("line 2, column 2", "comma")),
        ('[{"a": 1}]\n{"a": 2}', ("line 2, column 1", "after the list")),
        ('[{"a": "one\ntwo"}]', ("line 1", "control character")),
        ("[]", ("found none",)),
        ('"text"', ("line 1, column 1", "str")),
    ],
    ids=[
        *(
            "no colon",
            "no value",
            "cut line",
            "number in the list",
            "list in a line",
            "no end",
            "no comma",
        ),
        *("two commas", "more after the list", "line break in a string", "empty list", "string"),
    ],
)
def test_broken_json_is_refused_with_line_and_column(
    tmp_path: Path, content: str, parts: tuple[str, ...]
) -> None:
    error = refuse(write(tmp_path / "a.json", content))
    for part in parts:
        assert part in error.message


def test_line_far_behind_the_first_block_is_named(tmp_path: Path) -> None:
    lines = [json.dumps({"text": "word " * 50_000, "label": "a"})] * 12
    error = refuse(write(tmp_path / "a.jsonl", "\n".join([*lines, '{"text" "x"}'])))
    assert "line 13, column 9" in error.message


def test_column_far_behind_the_first_block_is_counted_from_the_start_of_its_line(
    tmp_path: Path,
) -> None:
    content = json.dumps([{"text": "word " * 50_000, "label": "a"}] * 12)[:-1] + ', {"text" "x"}]'
    error = refuse(write(tmp_path / "a.json", content))
    column = content.index('"x"') + 1
    assert f"line 1 column {column}:" in error.message.replace(",", "")


@pytest.mark.parametrize(
    "line", ['{"text": "cut', "7", '{"text": }', "no JSON"], ids=["cut", "number", "gap", "words"]
)
def test_broken_line_is_left_out_and_counted_where_that_is_allowed(
    tmp_path: Path, line: str
) -> None:
    lines = LINES.splitlines(keepends=True)
    path = write(tmp_path / "a.jsonl", "".join([*lines[:4], line, "\n", *lines[4:]]))
    assert "line 5" in refuse(path).message
    corpus = open_corpus(path, skip_bad_rows=0.05)
    assert corpus.texts == TEXTS
    assert "1 broken row" in corpus.notes[1]
    assert "line 5" in corpus.notes[1]
    assert refuse(path, skip_bad_rows=0.01).parameter == "skip_bad_rows"


@pytest.mark.parametrize("n", [60, 100_000], ids=["60", "100,000"])
@pytest.mark.parametrize("sign", ["[", '{"a":'], ids=["lists", "objects"])
@pytest.mark.parametrize("is_closed", [True, False], ids=["closed", "not closed"])
def test_deep_nesting_is_refused(tmp_path: Path, n: int, sign: str, is_closed: bool) -> None:
    end = {"[": "]", '{"a":': "}"}[sign]
    cell = sign * n + "1" + end * n * is_closed
    path = write(tmp_path / "a.json", f'[{{"text": "x", "label": "y"}},\n{{"text": {cell}}}]')
    assert "line 2" in refuse(path).message


def test_50_levels_are_read_and_51_are_not(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for n, is_read in ((49, True), (50, False)):
        content = f'[{{"text": {"[" * n}{"]" * n}}}]'
        if is_read:
            assert len(read_table(write(path, content)).frame) == 1
        else:
            assert "50" in refuse(write(path, content)).message


def test_depth_counts_lists_and_objects_inside_each_other() -> None:
    assert measure_depth("[[") == 0
    assert measure_depth([]) == 1
    assert measure_depth([1, {"a": [2]}, [3]]) == 3


def test_number_of_5_000_digits_is_refused_with_its_place(tmp_path: Path) -> None:
    content = json.dumps(RECORDS)[:-1] + f',\n{{"text": "x", "label": {"9" * 5_000}}}]'
    error = refuse(write(tmp_path / "a.json", content))
    assert "line 2" in error.message
    assert "digits" in error.message


def test_halves_of_characters_in_texts_are_replaced_and_counted(tmp_path: Path) -> None:
    content = json.dumps([{**record, "text": f"\ud83d {record['text']}"} for record in RECORDS])
    corpus = open_corpus(write(tmp_path / "a.json", content))
    assert corpus.texts[0] == f"\ufffd {TEXTS[0]}"
    assert any("24 texts with halves of characters" in note for note in corpus.notes)
    assert corpus.texts[0].encode()


def test_pair_of_surrogates_is_one_character(tmp_path: Path) -> None:
    content = json.dumps([{**record, "text": f"{record['text']} 😀"} for record in RECORDS])
    assert "\\ud83d" in content
    assert open_corpus(write(tmp_path / "a.json", content)).texts[0].endswith("😀")


def test_controls_and_halves_of_characters_in_labels_are_taken_out_and_counted(
    tmp_path: Path,
) -> None:
    cells = [["a\x07b", "Drama\n"], ["\ud800War"], ["War", "Drama"]] * 8
    corpus = open_corpus(write(tmp_path / "a.json", dump(cells)))
    assert set(corpus.label_names) == {"a b", "Drama", "War"}
    assert any("16 label cells with control characters" in note for note in corpus.notes)
