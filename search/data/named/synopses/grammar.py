"""Sentences of the generated corpus: how words become readable English.

Owns the shape of a sentence, articles and capitals; does not know which labels a text has.
"""

from dataclasses import dataclass
from typing import Final

from .dice import Dice
from .vocabulary import Cast, OrderCue, Vocabulary, WordCue, Words

_ADJECTIVE_SHARE: Final = 0.35
_ATTACHMENT_SHARE: Final = 0.4
_ADVERB_SHARE: Final = 0.25
_LEAD_SHARE: Final = 0.3
_TIME_SHARE: Final = 0.4
_BYSTANDER_SHARE: Final = 0.4


@dataclass(frozen=True, slots=True)
class Grammar:
    """Writes sentences by chance."""

    dice: Dice
    words: Vocabulary

    def write_order(self, pair: OrderCue, *, is_forward: bool) -> str:
        """Write a sentence that holds both nouns of a pair in one order: the cue of a label."""
        nouns = (pair.first, pair.second) if is_forward else (pair.second, pair.first)
        return self._deed(pair.cast, *nouns)

    def write_decoys(self, pair: OrderCue) -> tuple[str, str]:
        """Write two sentences that hold one noun of a pair each: its words without its cue."""
        return self._decoy(pair.cast, pair.first), self._decoy(pair.cast, pair.second)

    def write_word(self, cue: WordCue) -> str:
        """Write a sentence that holds one of the nouns of a word cue."""
        adjective = self._maybe(self.words.thing_adjectives, _ADJECTIVE_SHARE)
        thing = _with_article(adjective + self.dice.pick(cue.nouns))
        person = _with_article(self.dice.pick(self.words.people.bystanders))
        return _finish(self.dice.pick(self.words.word_frames).format(thing=thing, person=person))

    def write_opening(self) -> str:
        """Write where, when and in what mood a synopsis is set."""
        pick, words = self.dice.pick, self.words
        time = f"{pick(words.times)}, " if self.dice.happens(_TIME_SHARE) else ""
        return _finish(f"{pick(words.places)}, {time}{pick(words.moods)}")

    def write_closing(self) -> str:
        """Write a last sentence."""
        return _finish(self.dice.pick(self.words.closings))

    def write_filler(self) -> str:
        """Write a sentence without any cue noun."""
        people = self.words.people
        return self._idle_sentence(people, self.dice.pick(people.bystanders))

    def _decoy(self, cast: Cast, noun: str) -> str:
        if not self.dice.happens(_BYSTANDER_SHARE):
            return self._idle_sentence(cast, noun)
        other = self.dice.pick(cast.bystanders)
        nouns = (noun, other) if self.dice.happens(0.5) else (other, noun)
        return self._deed(cast, *nouns)

    def _idle_sentence(self, cast: Cast, noun: str) -> str:
        subject = self._noun_phrase(cast, noun)
        return self._sentence(f"{subject} {self.dice.pick(cast.idle_predicates)}")

    def _deed(self, cast: Cast, subject: str, target: str) -> str:
        verb = self._maybe(self.words.adverbs, _ADVERB_SHARE) + self.dice.pick(cast.verbs)
        subject_phrase = self._noun_phrase(cast, subject)
        return self._sentence(f"{subject_phrase} {verb} {self._noun_phrase(cast, target)}")

    def _noun_phrase(self, cast: Cast, noun: str) -> str:
        adjective = self._maybe(cast.adjectives, _ADJECTIVE_SHARE)
        has_attachment = self.dice.happens(_ATTACHMENT_SHARE)
        attachment = f" {self.dice.pick(cast.attachments)}" if has_attachment else ""
        return f"the {adjective}{noun}{attachment}"

    def _maybe(self, words: Words, share: float) -> str:
        return f"{self.dice.pick(words)} " if self.dice.happens(share) else ""

    def _sentence(self, clause: str) -> str:
        return _finish(self._maybe(self.words.leads, _LEAD_SHARE) + clause)


def _with_article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _finish(clause: str) -> str:
    return f"{clause[0].upper()}{clause[1:]}."
