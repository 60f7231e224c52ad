"""Encodings: detected, named, and what is damaged."""

import json
from pathlib import Path

import pytest

from search.data.corpus import open_corpus
from tests.data.read.written import LABELS, TEXTS, join, refuse, replace_one, write

GERMAN = (
    "Die Bühne zeigt große Träume vom Meer, fünf Männer kämpfen für ihr Öl; später küsst er Zoë"
)
CURLY = f"{GERMAN} \u2014 “naïve” …"
RUSSIAN = "Старый моряк возвращается домой и находит письмо от своей дочери"
JAPANESE = "老いた船乗りが家に帰り、娘からの手紙を見つける物語です。"
WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")


@pytest.mark.parametrize(
    ("encoding", "sentence", "form"),
    [
        ("utf-8", CURLY, "UTF-8"),
        ("utf-8-sig", CURLY, "UTF-8"),
        *((encoding, CURLY, encoding.upper()) for encoding in WIDE),
        ("windows-1252", CURLY, "Windows-1252 (detected)"),
        ("iso-8859-1", GERMAN, "(detected)"),
        ("windows-1251", RUSSIAN, "Windows-1251 (detected)"),
        ("shift_jis", JAPANESE, "(detected)"),
    ],
    ids=[
        *("UTF-8", "UTF-8 with mark", *WIDE),
        *("Windows-1252", "ISO-8859-1", "Windows-1251", "Shift-JIS"),
    ],
)
def test_encoding_is_detected_and_said(
    tmp_path: Path, encoding: str, sentence: str, form: str
) -> None:
    texts = tuple(f"{text} {sentence}" for text in TEXTS)
    corpus = open_corpus(write(tmp_path / "a.tsv", join(texts).encode(encoding)))
    assert corpus.texts == texts
    assert form in corpus.notes[0]
    assert ("detected" in corpus.notes[0]) == ("detected" in form)


@pytest.mark.parametrize("encoding", WIDE)
def test_wide_encoding_is_detected_in_a_file_of_one_line(tmp_path: Path, encoding: str) -> None:
    content = json.dumps(
        [{"text": text, "label": n} for text, n in zip(TEXTS, LABELS, strict=True)]
    )
    assert open_corpus(write(tmp_path / "a.json", content.encode(encoding))).texts == TEXTS


def test_one_accent_far_down_decides(tmp_path: Path) -> None:
    texts = ("plain words " * 100 + "end",) * 1_200 + (GERMAN,)
    content = join(texts, (LABELS * 51)[: len(texts)]).encode("iso-8859-1")
    assert len(content) > 1 << 20
    assert open_corpus(write(tmp_path / "a.tsv", content)).texts == texts


def test_character_on_the_border_of_two_blocks_is_no_damage(tmp_path: Path) -> None:
    content = join(["x" * ((1 << 20) - len("text\tlabel\n") - 1) + "é", *TEXTS[1:]]).encode()
    assert content[(1 << 20) - 1 : (1 << 20) + 1] == "é".encode()
    corpus = open_corpus(write(tmp_path / "a.tsv", content))
    assert corpus.texts[0].endswith("xé")
    assert "UTF-8" in corpus.notes[0]


@pytest.mark.parametrize("name", ["windows-1251", "CP1251", "windows_1251"])
def test_named_encoding_wins_over_what_would_be_detected(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "a.tsv", join(replace_one(TEXTS, 2, "Ja")).encode() + b"\xc4\xe0\tWar")
    corpus = open_corpus(path, encoding=name)
    assert corpus.texts[-1] == "Да"
    assert "CP1251" in corpus.notes[0]


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("utf-9", "utf-8"),
        ("windows1252", "windows-1252"),
        ("iso-8859-I", "iso-8859-1"),
        ("klingon", "windows-1252"),
        ("", "utf-8"),
        ("utf-8\0", "utf-8"),
        ("base64", "utf-8"),
        ("undefined", "utf-8"),
    ],
    ids=["UTF-9", "no hyphen", "a letter", "unlike all", "empty", "zero", "of bytes", "undefined"],
)
def test_name_of_no_encoding_is_refused_with_a_suggestion(
    tmp_path: Path, name: str, suggestion: str
) -> None:
    error = refuse(write(tmp_path / "a.tsv", join()), encoding=name)
    assert error.parameter == "encoding"
    assert repr(name) in error.message
    assert suggestion in error.hint
    assert suggestion != name


@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "utf-16", "utf-32", "shift_jis"])
def test_named_encoding_that_the_bytes_are_not_in_is_refused(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "a.tsv", join(replace_one(TEXTS, 2, GERMAN)).encode("iso-8859-1"))
    error = refuse(path, encoding=encoding)
    assert error.parameter == "encoding"
    assert encoding.split("-")[0] in error.message.casefold()


DAMAGED = join(f"{text} é" for text in TEXTS).encode().replace(b"keeps 5 ", b"keeps \xff ")


def test_damaged_line_of_utf_8_is_named(tmp_path: Path) -> None:
    error = refuse(write(tmp_path / "a.tsv", DAMAGED))
    assert "line 7" in error.message
    assert "0xff" in error.message
    assert "`skip_bad_rows`" in error.hint
    assert "iconv" not in str(error)


@pytest.mark.parametrize("encoding", [None, "utf-8"], ids=["detected", "named"])
def test_damaged_line_is_left_out_and_counted_where_that_is_allowed(
    tmp_path: Path, encoding: str | None
) -> None:
    path = write(tmp_path / "a.tsv", DAMAGED)
    corpus = open_corpus(path, skip_bad_rows=0.05, encoding=encoding)
    assert corpus.texts == tuple(f"{text} é" for text in TEXTS if "keeps 5 " not in text)
    assert "1 broken row" in corpus.notes[1]
    assert "line 7" in corpus.notes[1]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.7\n" + bytes(range(256)) * 9, "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "picture"),
        (bytes(range(256)) * 9, "other data"),
        (b"<!DOCTYPE html>\n<html><body>a, b</body></html>", "web page"),
        (b"", "empty"),
        (b"\xef\xbb\xbf \n\n", "empty"),
    ],
    ids=["PDF", "picture", "bytes", "web page", "empty", "blanks"],
)
def test_what_is_no_table_of_texts_is_refused(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    assert expected in refuse(write(tmp_path / "a.csv", content)).message
