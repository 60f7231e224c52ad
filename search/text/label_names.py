"""Where a text names a label, and how the name is masked.

Owns which words name a label and the form in which encyclopedias introduce a film ("is a 2015
American superhero film"). Knows no corpus; words.py defines what a word is.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from .tokens import Tokens
from .words import split_words

MASK = "…"
"""Replaces a name; it is not a word, and it separates words."""
CODES = frozenset({"yes", "no", "true", "false"})
"""Names that are answers: a text with such a word does not mean the label."""

BoolArray = npt.NDArray[np.bool_]
Phrase = tuple[str, ...]

_LONGEST_DESCRIPTION = 12
# Words that end the description of a film: "is a man who hates the film" does not describe one.
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


class LabelNames:
    """The names of labels, prepared for a search in texts.

    A text names a label where the words of the name follow each other as whole words. Upper and
    lower case do not matter, nor what separates the words ("science-fiction" is "Science Fiction",
    "action and adventure" is "Action & Adventure"), nor singular and plural of the last one
    ("dramas" is "Drama", "comedy" is "Comedies"). Other forms ("romantic" for "Romance") name no
    label. A name without letters, of one letter, or in CODES is not a word, so no text names it.
    """

    def __init__(self, names: Sequence[str]) -> None:
        """Find the phrases that name each label.

        Args:
            names: one name a label.
        """
        self.names = tuple(names)
        # By their first word, with the places of the labels that each phrase names.
        self._phrases: dict[str, dict[Phrase, list[int]]] = {}
        for place, name in enumerate(self.names):
            for phrase in _list_phrases(name):
                self._phrases.setdefault(phrase[0], {}).setdefault(phrase, []).append(place)

    @property
    def wordless(self) -> tuple[str, ...]:
        """The names that are not words, so that no text can name them; in their order."""
        return tuple(name for name in self.names if not _list_phrases(name))

    def find_named(self, tokens: Tokens) -> BoolArray:
        """Mark the labels that each text names: bool, (len(tokens), len(names))."""
        named = np.zeros((len(tokens), len(self.names)), dtype=np.bool_)
        labels = {phrase: at for same in self._phrases.values() for phrase, at in same.items()}
        wanted = {word for phrase in labels for word in phrase}
        ids = {word: place for place, word in enumerate(tokens.words) if word in wanted}
        phrases = [phrase for phrase in labels if ids.keys() >= set(phrase)]
        sequences = tokens.sequences
        is_first = np.zeros(len(tokens.words), dtype=np.bool_)
        is_first[[ids[phrase[0]] for phrase in phrases]] = True
        firsts = np.flatnonzero(is_first[sequences.ids])
        rows = np.searchsorted(sequences.offsets, firsts, side="right") - 1
        ends = sequences.offsets[rows + 1]
        for phrase in phrases:
            is_named = firsts + len(phrase) <= ends
            for place, word in enumerate(phrase):
                at = np.minimum(firsts + place, ends - 1)
                is_named &= sequences.ids[at] == ids[word]
            for label in labels[phrase]:
                named[rows[is_named], label] = True
        return named

    def mask_texts(self, texts: Sequence[str], tokens: Tokens) -> tuple[str, ...]:
        """Mask each text as `mask` does.

        Args:
            texts: n of them.
            tokens: their words.
        """
        naming = np.any(self.find_named(tokens), axis=1)
        masked = zip(texts, naming.tolist(), strict=True)
        return tuple(self.mask(text, is_named=is_named) for text, is_named in masked)

    def mask(self, text: str, *, is_named: bool = True) -> str:
        """Replace each name with MASK, and also the description of a film in the usual form.

        "Ant-Man is a 2015 American superhero film" becomes "Ant-Man is a … film": everything
        between the article and the noun, at most 12 words, is replaced if it has a year, "upcoming"
        or a name. The result names no label, does not change when it is masked again, and is empty
        only if the text is. A changed text is composed (NFC).

        Args:
            text: any.
            is_named: False if it is known that the text names no label, which saves a search.
        """
        composed = unicodedata.normalize("NFC", text)
        masked = _FORM.sub(self._mask_description, composed)
        if not is_named and masked == composed:
            return text
        # Masking can bring the words of another name together: "science drama fiction".
        while spans := list(self._spans(masked)):
            masked = _mask_spans(masked, spans)
        return text if masked == composed else masked

    def _mask_description(self, form: re.Match[str]) -> str:
        description = form["description"]
        is_telling = _DATED.search(description) or any(self._find(split_words(description)))
        return f"{form['opening']}{MASK} " if is_telling else form[0]

    def _find(self, words: Sequence[str]) -> Iterator[tuple[int, Phrase]]:
        """Find the phrases among words: the place of the first word, and the phrase."""
        for place, word in enumerate(words):
            for phrase in self._phrases.get(word, ()):
                if tuple(words[place : place + len(phrase)]) == phrase:
                    yield place, phrase

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Find where names begin and end in a composed text, in the order of their beginnings."""
        words = split_words(text)
        found = list(self._find(words))
        if not found:
            return
        folded = text.casefold()
        # A folded text can be longer ("ß" is "ss"): the place that each of its characters is from.
        origin = [i for i, character in enumerate(text) for _ in character.casefold()]
        begins, end = [], 0
        for word in words:
            # Only separators are between words, so the next occurrence is the word.
            begin = folded.index(word, end)
            end = begin + len(word)
            begins.append(begin)
        for place, phrase in found:
            last = place + len(phrase) - 1
            yield origin[begins[place]], origin[begins[last] + len(words[last]) - 1] + 1


def _list_phrases(name: str) -> set[Phrase]:
    """List the word sequences that name a label; none if the name is not a word."""
    spelled = split_words(name.replace("&", " and "))
    bare = [word for word in spelled if word != "and"]
    if not any(character.isalpha() for word in bare for character in word):
        return set()
    # Two characters of a script without spaces are two words; two letters are one.
    is_letter = len(bare) == 1 and len(bare[0]) == 1 and len(split_words(bare[0] * 2)) == 1
    if is_letter or (len(bare) == 1 and bare[0] in CODES):
        return set()
    return {(*words[:-1], last) for words in (spelled, bare) for last in _inflect(words[-1])}


def _inflect(word: str) -> set[str]:
    """List a word with its singular and plural, by simple rules of English."""
    if word.endswith("ies") and len(word) > 4:
        return {word, word[:-3] + "y", word[:-1]}
    if word.endswith("ss"):
        return {word, word + "es"}
    if word.endswith("s"):
        # "news" is not a plural, nor are words such as "virus" and "tennis".
        is_plural = len(word) > 3 and word != "news" and not word.endswith(("us", "is"))
        return {word, word[:-1]} if is_plural else {word}
    if word.endswith("y") and word[-2:-1] not in set("aeiou"):
        return {word, word[:-1] + "ies"}
    return {word, word + ("es" if word.endswith(("x", "z", "ch", "sh")) else "s")}


def _mask_spans(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Replace spans, sorted by their beginnings, with MASK; overlapping ones with a single MASK."""
    pieces, masked_to = list[str](), 0
    for begin, end in spans:
        if begin >= masked_to:
            pieces += [text[masked_to:begin], MASK]
        masked_to = max(masked_to, end)
    return "".join([*pieces, text[masked_to:]])
