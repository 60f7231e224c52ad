"""Sentences of the generated corpus: how words become readable English.

Owns the shape of a sentence, articles and capitals; does not know which labels a text has.
"""

from typing import Final

from .cues import OrderCue, WordCue
from .dice import Dice
from .vocabulary import (
    ADVERBS,
    CLOSINGS,
    LEADS,
    MOODS,
    PEOPLE,
    PLACES,
    THING_ADJECTIVES,
    TIMES,
    WORD_FRAMES,
    Cast,
)

_ADJECTIVE_SHARE: Final = 0.35
_ATTACHMENT_SHARE: Final = 0.4
_ADVERB_SHARE: Final = 0.25
_LEAD_SHARE: Final = 0.3
_TIME_SHARE: Final = 0.4
_BYSTANDER_SHARE: Final = 0.4


def order_sentence(dice: Dice, pair: OrderCue, *, is_forward: bool) -> str:
    """Write a sentence that holds both nouns of a pair in one order: the cue of a label."""
    nouns = (pair.first, pair.second) if is_forward else (pair.second, pair.first)
    return _deed(dice, pair.cast, nouns[0], nouns[1])


def decoy_sentences(dice: Dice, pair: OrderCue) -> tuple[str, str]:
    """Write two sentences that hold one noun of a pair each: its words without its cue."""
    return _decoy(dice, pair.cast, pair.first), _decoy(dice, pair.cast, pair.second)


def word_sentence(dice: Dice, cue: WordCue) -> str:
    """Write a sentence that holds one of the nouns of a word cue."""
    thing = _with_article(_maybe(dice, THING_ADJECTIVES, _ADJECTIVE_SHARE) + dice.pick(cue.nouns))
    person = _with_article(dice.pick(PEOPLE.bystanders))
    return _finish(dice.pick(WORD_FRAMES).format(thing=thing, person=person))


def opening_sentence(dice: Dice) -> str:
    """Write where, when and in what mood a synopsis is set."""
    time = f"{dice.pick(TIMES)}, " if dice.happens(_TIME_SHARE) else ""
    return _finish(f"{dice.pick(PLACES)}, {time}{dice.pick(MOODS)}")


def closing_sentence(dice: Dice) -> str:
    """Write a last sentence."""
    return _finish(dice.pick(CLOSINGS))


def filler_sentence(dice: Dice) -> str:
    """Write a sentence without any cue noun."""
    return _idle_sentence(dice, PEOPLE, dice.pick(PEOPLE.bystanders))


def _decoy(dice: Dice, cast: Cast, noun: str) -> str:
    if not dice.happens(_BYSTANDER_SHARE):
        return _idle_sentence(dice, cast, noun)
    other = dice.pick(cast.bystanders)
    subject, target = (noun, other) if dice.happens(0.5) else (other, noun)
    return _deed(dice, cast, subject, target)


def _idle_sentence(dice: Dice, cast: Cast, noun: str) -> str:
    return _sentence(dice, f"{_noun_phrase(dice, cast, noun)} {dice.pick(cast.idle_predicates)}")


def _deed(dice: Dice, cast: Cast, subject: str, target: str) -> str:
    verb = _maybe(dice, ADVERBS, _ADVERB_SHARE) + dice.pick(cast.verbs)
    subject_phrase = _noun_phrase(dice, cast, subject)
    return _sentence(dice, f"{subject_phrase} {verb} {_noun_phrase(dice, cast, target)}")


def _noun_phrase(dice: Dice, cast: Cast, noun: str) -> str:
    adjective = _maybe(dice, cast.adjectives, _ADJECTIVE_SHARE)
    attachment = f" {dice.pick(cast.attachments)}" if dice.happens(_ATTACHMENT_SHARE) else ""
    return f"the {adjective}{noun}{attachment}"


def _maybe(dice: Dice, words: tuple[str, ...], share: float) -> str:
    return f"{dice.pick(words)} " if dice.happens(share) else ""


def _sentence(dice: Dice, clause: str) -> str:
    return _finish(_maybe(dice, LEADS, _LEAD_SHARE) + clause)


def _with_article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _finish(clause: str) -> str:
    return f"{clause[0].upper()}{clause[1:]}."
