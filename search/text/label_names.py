"""Where a text names a label, and how the name is masked.

Owns which words name a label and the form in which encyclopedias introduce a film ("is a 2015
American superhero film"). What a word is, `words.py` says; no corpus is known here.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from .words import words_of

MASK = "…"
"""Stands where a name was; it is no word, and separates words."""
CODES = frozenset({"yes", "no", "true", "false"})
"""Names that code an answer: the word says nothing of the label where a text holds it."""

BoolArray = npt.NDArray[np.bool_]
Phrase = tuple[str, ...]

_LONGEST_DESCRIPTION = 12
# Words that end the description of a film: "is a man who hates the film" describes none.
_STOPS = (
    "about|after|around|as|at|based|but|by|directed|during|featuring|for|from|has|he|her|his|in|into"
    "|made|of|on|or|produced|released|set|she|shot|starring|than|that|the|they|to|was|when|where"
    "|which|while|who|whose|with|written"
)
_WORKS = (
    "films?|movies?|pictures?|series|serials?|miniseries|shorts?|features?|cartoons?"
    "|documentary|documentaries|dramas?|comedy|comedies|westerns?|thrillers?|musicals?"
    "|specials?|sitcoms?|shows?"
)
_FORM = re.compile(
    r"\b(?P<opening>(?:(?:is|was|are|were)(?:\s+also)?(?:\s+(?:an?|the|one\s+of\s+the))?|an?)\s+)"
    rf"(?P<description>(?:(?!(?:{_STOPS})(?![\w-]))[^\s.;:!?{MASK}]+\s+){{1,{_LONGEST_DESCRIPTION}}})"
    rf"(?=(?:{_WORKS})(?![\w-]))",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b(?:(?:18|19|20)\d\d|upcoming)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LabelNames:
    """The names of labels, ready to be looked for in texts.

    A text names a label where the words of the name follow each other as whole words: without
    regard to case, to what stands between them ("science-fiction" is "Science Fiction", "action
    and adventure" is "Action & Adventure") and to the number of the last one ("dramas" is
    "Drama", "comedy" is "Comedies"). Other forms ("romantic" of "Romance") name no label. A name
    without letters, of one letter, or of CODES is no word, and no text names it.
    """

    names: tuple[str, ...]
    """One name a label."""
    _labels: Mapping[Phrase, tuple[int, ...]] = field(init=False, repr=False, compare=False)
    _starts: Mapping[str, tuple[Phrase, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out the phrases that name each label."""
        labels: dict[Phrase, tuple[int, ...]] = {}
        for place, name in enumerate(self.names):
            for phrase in _phrases_of(name):
                labels[phrase] = (*labels.get(phrase, ()), place)
        starts: dict[str, tuple[Phrase, ...]] = {}
        for phrase in labels:
            starts[phrase[0]] = (*starts.get(phrase[0], ()), phrase)
        object.__setattr__(self, "_labels", labels)
        object.__setattr__(self, "_starts", starts)

    @property
    def wordless(self) -> tuple[str, ...]:
        """The names that are no words, so that no text can name them; in their order."""
        known = {place for places in self._labels.values() for place in places}
        return tuple(name for place, name in enumerate(self.names) if place not in known)

    def named_in(self, texts: Sequence[str]) -> BoolArray:
        """Mark the labels that each text names: bool, (len(texts), len(names))."""
        named = np.zeros((len(texts), len(self.names)), dtype=np.bool_)
        # Where no name is a word, no text needs to be read.
        for row, text in enumerate(texts if self._starts else ()):
            for _place, phrase in self._find(words_of(text)):
                named[row, self._labels[phrase]] = True
        return named

    def mask(self, text: str) -> str:
        """Put MASK in place of each name, and of what describes a film in the usual form.

        "Ant-Man is a 2015 American superhero film" becomes "Ant-Man is a … film": all between the
        article and the noun goes, at most 12 words, where it holds a year, "upcoming" or a name.
        The result names no label, is masked again to itself, and is empty only if the text is. A
        text that is changed comes back composed (NFC).
        """
        composed = unicodedata.normalize("NFC", text)
        masked = _FORM.sub(self._mask_description, composed)
        # Masking can bring the words of another name together: "science drama fiction".
        while spans := list(self._spans(masked)):
            masked = _mask_spans(masked, spans)
        return text if masked == composed else masked

    def _mask_description(self, form: re.Match[str]) -> str:
        description = form["description"]
        tells = _DATED.search(description) or any(self._find(words_of(description)))
        return f"{form['opening']}{MASK} " if tells else form[0]

    def _find(self, words: Sequence[str]) -> Iterator[tuple[int, Phrase]]:
        """Find the phrases among words: the place of the first word, and the phrase."""
        if self._starts.keys().isdisjoint(words):
            return
        for place, word in enumerate(words):
            for phrase in self._starts.get(word, ()):
                if tuple(words[place : place + len(phrase)]) == phrase:
                    yield place, phrase

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Find where names begin and end in a composed text, in the order of their beginnings."""
        words = words_of(text)
        found = list(self._find(words))
        if not found:
            return
        folded = text.casefold()
        # A folded text can be longer ("ß" is "ss"): where its characters come from.
        origin: Sequence[int] = range(len(text))
        if len(folded) != len(text):
            origin = [i for i, character in enumerate(text) for _ in character.casefold()]
        begins, end = [], 0
        for word in words:
            # Nothing but separators stands between words, so the next occurrence is the word.
            begin = folded.index(word, end)
            end = begin + len(word)
            begins.append(begin)
        for place, phrase in found:
            last = place + len(phrase) - 1
            yield origin[begins[place]], origin[begins[last] + len(words[last]) - 1] + 1


def _phrases_of(name: str) -> set[Phrase]:
    """Answer the word sequences that name a label; none if the name is no word."""
    spelled = words_of(name.replace("&", " and "))
    bare = [word for word in spelled if word != "and"]
    if not any(character.isalpha() for word in bare for character in word):
        return set()
    # A character of a script without spaces is a word, doubled it is two.
    is_letter = len(bare) == 1 and len(bare[0]) == 1 and len(words_of(bare[0] * 2)) == 1
    if is_letter or (len(bare) == 1 and bare[0] in CODES):
        return set()
    return {(*words[:-1], last) for words in (spelled, bare) for last in _numbers_of(words[-1])}


def _numbers_of(word: str) -> set[str]:
    """Answer a word with its singular and plural, by the simple rules of English."""
    forms = {word}
    if word.endswith("ies") and len(word) > 4:
        forms |= {word[:-3] + "y", word[:-1]}
    elif word.endswith("s"):
        # "news" is no plural, nor are words such as "class", "virus" and "tennis".
        if len(word) > 3 and word != "news" and not word.endswith(("ss", "us", "is")):
            forms.add(word[:-1])
        if word.endswith("ss"):
            forms.add(word + "es")
    elif word.endswith("y") and word[-2:-1] not in set("aeiou"):
        forms.add(word[:-1] + "ies")
    else:
        forms.add(word + ("es" if word.endswith(("x", "z", "ch", "sh")) else "s"))
    return forms


def _mask_spans(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Put MASK in place of spans, and once where spans overlap; sorted by their beginnings."""
    merged: list[tuple[int, int]] = []
    for begin, end in spans:
        if merged and begin < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    bounds = [0, *(bound for span in merged for bound in span), len(text)]
    return MASK.join(text[begin:end] for begin, end in list(pairwise(bounds))[::2])
