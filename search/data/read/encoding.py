"""Find the encoding of a text file.

Owns how an encoding is recognised: by its byte order mark, by where its zero bytes stand, as UTF-8
because all of it decodes, and else by chardet. Of 15 samples of real texts in twelve encodings
chardet 7.7 named all right, charset-normalizer 3.5 nine and faust-cchardet 3.2 eleven
(benchmarks/LOG.md).
"""

import codecs
import difflib
from dataclasses import dataclass, replace
from typing import IO

from ...errors import DataError

_BLOCK = 1 << 20
_SAMPLE = 1 << 16
"""Bytes of lines with other characters than ASCII that an encoding is recognised by."""
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    # Before UTF-16, whose mark this one begins with.
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_USUAL = ("utf-8", "windows-1252", "iso-8859-1", "utf-16", "gb18030", "shift_jis", "windows-1251")
_ASCII = bytes(range(128))
_SIGNS = b"\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa3\xa9\xae\xb0\xb7\xbc\xbd\xbe"
"""Quotes, dashes, currencies and other signs of English texts, in Windows-1252."""
_USUAL_SIGNS = (*" ,;.:\t\n\"'", *"0123456789eaionst")
_LEAST_ASCII = 0.01
"""Share of usual signs below which a text is none."""
_MOST_CONTROLS = 0.01
"""Share of control characters beyond which bytes are no text."""
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding, and whether it is more than a usual one that all bytes agree with."""

    codec: str
    """Name of Python's codec; "utf-8-sig" for UTF-8, which drops a byte order mark."""
    name: str
    """As a person writes it, such as UTF-8."""
    is_guessed: bool = False
    """Whether it was recognised by the frequencies of characters."""
    is_damaged: bool = False
    """Whether some bytes are no characters of it; they are read as lone surrogates."""


UTF_8 = Encoding("utf-8-sig", "UTF-8")


def look_up_encoding(name: str) -> Encoding:
    """Look up an encoding that a user named.

    Raises:
        DataError: there is none of that name.
    """
    try:
        codec = codecs.lookup(name).name
        # Some of Python's codecs make no text of bytes, such as base64.
        if not isinstance(codecs.getincrementaldecoder(codec)().decode(b"a"), str):
            raise LookupError(name)
    except (LookupError, ValueError, TypeError) as error:
        near = difflib.get_close_matches(name.lower(), _USUAL, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Usual ones are {', '.join(_USUAL)}."
        message = f"expected the name of an encoding, found {name!r}"
        raise DataError(message, hint, parameter="encoding") from error
    return UTF_8 if codec == "utf-8" else Encoding(codec, codec.upper())


def find_encoding(stream: IO[bytes], *, accepts_damage: bool = False) -> Encoding:
    """Find the encoding of a whole stream, which is read to its end and put back to its start.

    Args:
        stream: of the file.
        accepts_damage: whether UTF-8 with damaged places is an answer and no error.

    Raises:
        DataError: the bytes are no text, UTF-8 with damaged places, or of no encoding that is
            known.
    """
    start = stream.read(_BLOCK)
    for mark, codec in _MARKS.items():
        if start.startswith(mark):
            stream.seek(0)
            return UTF_8 if codec == UTF_8.codec else Encoding(codec, codec.upper())
    if (wide := _find_wide(start)) is not None:
        stream.seek(0)
        return Encoding(wide, wide.upper())
    _check_text(start)
    decoder, place, line = codecs.getincrementaldecoder("utf-8")(), 0, 1
    block = start
    try:
        while block:
            decoder.decode(block)
            place, line = place + len(block), line + block.count(b"\n")
            block = stream.read(_BLOCK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        found = error.object[error.start : error.start + 1]
        line += error.object.count(b"\n", 0, error.start)
        return _recognise(stream, line, found, accepts_damage=accepts_damage)
    stream.seek(0)
    return UTF_8


def _find_wide(start: bytes) -> str | None:
    """Find UTF-16 or UTF-32 without a mark, by the zero bytes of its separators and letters."""
    if start.count(0) < len(start) / 100:
        return None
    cut, found, best = start[: len(start) // 4 * 4], None, _LEAST_ASCII
    for codec in _WIDE:
        text = cut.decode(codec, errors="replace")
        strange = sum(text.count(sign) for sign in ("\0", "\ufffd"))
        # In the wrong order of bytes separators and letters become Chinese characters.
        share = sum(text.count(sign) for sign in _USUAL_SIGNS) / max(len(text), 1)
        if strange <= len(text) / 1_000 and share > best:
            found, best = codec, share
    return found


def _check_text(start: bytes) -> None:
    n_controls = len(start) - len(start.translate(None, _CONTROLS))
    if n_controls > _MOST_CONTROLS * len(start):
        known = {b"%PDF": "a PDF document", b"\x89PNG": "a picture", b"\xff\xd8": "a picture"}
        found = next((what for mark, what in known.items() if start.startswith(mark)), "other data")
        raise DataError(
            f"expected a table of texts, found {found} (it begins with {start[:8]!r})",
            "Give a CSV, TSV, JSON, JSON lines, Excel or Parquet file.",
        )


def _recognise(stream: IO[bytes], line: int, found: bytes, *, accepts_damage: bool) -> Encoding:
    """Recognise what is no UTF-8 by its lines with other characters than ASCII.

    Args:
        stream: of the file.
        line: of the first byte that is not UTF-8.
        found: that byte.
        accepts_damage: as of `find_encoding`.

    Raises:
        DataError: most of these characters are UTF-8, or chardet knows no encoding for them.
    """
    sample = _sample(stream, line)
    text = sample.decode("utf-8", errors="surrogateescape")
    n_bad = sum("\udc80" <= sign <= "\udcff" for sign in text)
    n_good = sum(sign > "\x7f" for sign in text) - n_bad
    where = f"line {line}: expected UTF-8, found the byte 0x{found.hex()}"
    if n_good > n_bad and accepts_damage:
        return replace(UTF_8, is_damaged=True)
    if n_good > n_bad:
        raise DataError(
            f"{where}, while other lines are UTF-8",
            "Correct the line, or leave out lines that cannot be read: `skip_bad_rows`. If the "
            "file has another encoding, name it: `encoding`.",
        )
    name = _detect(sample)
    if name is None:
        raise DataError(
            f"{where}; no other encoding was recognised",
            f"Name it with `encoding`; usual ones are {', '.join(_USUAL)}.",
        )
    return Encoding(codecs.lookup(name).name, name, is_guessed=True)


def _detect(sample: bytes) -> str | None:
    import chardet

    # chardet takes few of these signs in English texts for letters of another encoding.
    n_letters = len(sample.translate(None, _ASCII + _SIGNS))
    if 10 * n_letters <= len(sample.translate(None, _ASCII)):
        return "Windows-1252"
    return chardet.detect(sample)["encoding"]


def _sample(stream: IO[bytes], line: int) -> bytes:
    """Take lines with other characters than ASCII, half from the start and half from a line on."""
    stream.seek(0)
    sample = bytearray()
    for number, content in enumerate(stream, start=1):
        is_early = number < line and len(sample) < _SAMPLE // 2
        if not content.isascii() and (is_early or number >= line):
            sample += content[:_SAMPLE]
        if len(sample) >= _SAMPLE:
            break
    stream.seek(0)
    return bytes(sample)
