"""Find texts that hold little or hold what is no language.

Owns what is short, what markup is and what a control character is. No text of a corpus is empty:
rows without one are dropped at reading, and counted there.
"""

import html
import re
from collections.abc import Callable, Sequence
from itertools import compress

from ...text.tokens import Tokens
from .finding import Finding, counted, few

SHORT_WORDS = 3
"""A text with fewer words is very short."""

_CONTEXT = 30
_TAGS = (
    "a|b|big|blockquote|br|center|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|s|script|small|span"
    "|strike|strong|style|sub|sup|table|tbody|td|th|tr|tt|u|ul"
)
_MARKUP = re.compile(
    rf"</?(?:{_TAGS})(?:\s[^<>]{{0,300}})?/?>|&(?:\#[0-9]{{1,7}}|\#x[0-9a-f]{{1,6}}|[a-z][a-z0-9]{{1,30}});",
    re.IGNORECASE,
)
# Line feed, carriage return and tab are white space; the rest of C0, DEL and C1 is no text.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def find_in_texts(texts: Sequence[str], tokens: Tokens) -> list[Finding]:
    """Find very short texts, texts with markup, and texts with control characters.

    Args:
        texts: n of them.
        tokens: their words.
    """
    short = list(compress(texts, tokens.sequences.lengths < SHORT_WORDS))
    sentence = f"{counted(len(short), 'text has', 'texts have')} fewer than {SHORT_WORDS} words"
    return [
        Finding("short_texts", len(short), len(texts), sentence, few(short)),
        _find_marks(texts, "markup", "HTML tags or entities", _find_markup),
        _find_marks(texts, "control_characters", "control characters", _CONTROL.search),
    ]


def _find_markup(text: str) -> re.Match[str] | None:
    """Find the first tag or entity; "&c;" has the form of an entity and is none."""
    marks = _MARKUP.finditer(text)
    return next(
        (mark for mark in marks if mark[0] != html.unescape(mark[0]) or mark[0][0] == "<"), None
    )


def _find_marks(
    texts: Sequence[str], kind: str, what: str, find: Callable[[str], re.Match[str] | None]
) -> Finding:
    found = [(text, mark) for text in texts if (mark := find(text))]
    sentence = f"{counted(len(found), 'text holds', 'texts hold')} {what}"
    examples = few(_show(text, mark) for text, mark in found)
    return Finding(kind, len(found), len(texts), sentence, examples)


def _show(text: str, mark: re.Match[str]) -> str:
    """Show a mark with what stands around it; control characters by their code."""
    around = text[max(0, mark.start() - _CONTEXT) : mark.end() + _CONTEXT]
    return _CONTROL.sub(lambda character: f"\\x{ord(character[0]):02x}", around)
