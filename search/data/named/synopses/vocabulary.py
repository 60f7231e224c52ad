"""The words of the generated corpus, read from `words.yaml`, and the labels that they give away.

A label has one of two kinds of cue. A word cue is any of a few nouns, found anywhere. An order cue
is an ordered pair of nouns in one sentence: the father who follows the daughter means another
label than the daughter who follows the father, though both sentences hold the same words. Knows no
sentence and no frequency.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

Words = tuple[str, ...]

_FILE: Final = Path(__file__).with_name("words.yaml")


@dataclass(frozen=True, slots=True)
class Cast:
    """Words that fit around one kind of noun, people or events, as `words.yaml` describes them."""

    adjectives: Words
    attachments: Words
    verbs: Words
    idle_predicates: Words
    bystanders: Words


@dataclass(frozen=True, slots=True)
class WordCue:
    """A label that is true exactly when one of a few nouns occurs."""

    label: str
    nouns: Words


@dataclass(frozen=True, slots=True)
class OrderCue:
    """Two labels told apart by which of two nouns comes first within a sentence."""

    first: str
    """Comes before `second` for the label `forward`, and after it for `backward`."""
    second: str
    forward: str
    backward: str
    cast: Cast
    """The words that may surround the two nouns."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything in `words.yaml`, which says what each list is for."""

    label_names: Words
    """Most frequent first."""
    word_cues: tuple[WordCue, ...]
    order_cues: tuple[OrderCue, ...]
    people: Cast
    adverbs: Words
    leads: Words
    thing_adjectives: Words
    places: Words
    times: Words
    moods: Words
    word_frames: Words
    closings: Words


@cache
def read_vocabulary() -> Vocabulary:
    """Read the file of words, once."""
    content: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    cues, casts = content.pop("cues"), content.pop("casts")
    cast_by_name = {name: Cast(**_freeze(lists)) for name, lists in casts.items()}
    pairs = [cue for cue in cues if "cast" in cue]
    return Vocabulary(
        label_names=tuple(
            cue[key] for cue in cues for key in ("label", "forward", "backward") if key in cue
        ),
        word_cues=tuple(WordCue(**_freeze(cue)) for cue in cues if "label" in cue),
        order_cues=tuple(
            OrderCue(**{**pair, "cast": cast_by_name[pair["cast"]]}) for pair in pairs
        ),
        people=cast_by_name["people"],
        **_freeze(content),
    )


def _freeze(lists: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in lists.items()}
