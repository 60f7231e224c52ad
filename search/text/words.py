"""Texts to words. Owns what a word is, in any script; knows no vocabulary."""

import unicodedata

import regex

# Scripts written without spaces: each character is a word. In Unicode the Japanese long vowel mark
# belongs to no single script.
# The other letters, with their combining marks (Devanagari vowel signs are marks), and digits
# make words of one or more characters; everything else separates them. A mark alone is no word:
# the heart emoji ends in one, and Unicode counts some full stops to these scripts.
_SPACELESS = r"[\p{Han}\p{Hiragana}\p{Katakana}\u30FC\uFF70\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
_WORD = regex.compile(
    rf"(?V1)[{_SPACELESS}&&[\p{{L}}\p{{N}}]]\p{{M}}*"
    rf"|[[\p{{L}}\p{{N}}]--{_SPACELESS}][[\p{{L}}\p{{M}}\p{{N}}]--{_SPACELESS}]*",
)


def split_words(text: str) -> list[str]:
    """Split a text into its words, case folded, accents kept.

    Apostrophes and hyphens separate words ("killer's" gives killer and s, "l'amour" l and amour),
    so that one rule fits every language. Characters are composed first (NFC), so an accent that is
    written as a separate mark gives the same word. A text without letters or digits gives [].
    """
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())
