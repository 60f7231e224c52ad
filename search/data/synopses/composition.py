"""Composition of one synopsis: which sentences a text with given labels is made of.

Owns the order of sentences, the decoys and the length of a text; knows no noise and no matrix.
"""

import re
from collections.abc import Mapping, Set
from typing import Final

from .cues import ORDER_CUES, WORD_CUES
from .dice import Dice
from .grammar import (
    closing_sentence,
    decoy_sentences,
    filler_sentence,
    opening_sentence,
    order_sentence,
    word_sentence,
)

MIN_WORDS: Final = 25
"""Fewest words of a text; shorter ones get sentences that mean nothing."""
MAX_WORDS: Final = 120
"""Most words of a text; longer ones are written anew."""

# How often a pair of nouns occurs without its cue, as a share of how often with it: whoever sees
# the words but not their order can tell neither which of the two labels is meant nor whether one
# is.
_DECOY_RATIO: Final = 0.7
_WORDS_WITH_DECOYS: Final = 84
_WORD: Final = re.compile(r"\w+")


def count_words(text: str) -> int:
    r"""Return the number of words, where a word is a match of ``\w+``."""
    return len(_WORD.findall(text))


def write_text(dice: Dice, true_labels: Set[str], label_priors: Mapping[str, float]) -> str:
    """Write a synopsis that holds the cue of every true label and no other cue.

    Args:
        dice: where the draws come from.
        true_labels: names of the true labels, few enough that their sentences fit (7 do).
        label_priors: every label's probability; a frequent pair of nouns is a frequent decoy.

    Returns:
        Sentences of `MIN_WORDS` to `MAX_WORDS` words.
    """
    while True:
        body = _cue_sentences(dice, true_labels)
        n_words = sum(map(count_words, body))
        for decoy in dice.shuffle(_decoys(dice, true_labels, label_priors)):
            n_words += sum(map(count_words, decoy))
            if n_words > _WORDS_WITH_DECOYS:
                break
            body.extend(decoy)
        frame = opening_sentence(dice), closing_sentence(dice)
        while sum(map(count_words, (*frame, *body))) < MIN_WORDS:
            body.append(filler_sentence(dice))
        text = " ".join((frame[0], *dice.shuffle(body), frame[1]))
        if count_words(text) <= MAX_WORDS:
            return text


def _cue_sentences(dice: Dice, true_labels: Set[str]) -> list[str]:
    sentences = [word_sentence(dice, cue) for cue in WORD_CUES if cue.label in true_labels]
    for pair in ORDER_CUES:
        if pair.forward in true_labels:
            sentences.append(order_sentence(dice, pair, is_forward=True))
        if pair.backward in true_labels:
            sentences.append(order_sentence(dice, pair, is_forward=False))
    return sentences


def _decoys(
    dice: Dice, true_labels: Set[str], label_priors: Mapping[str, float]
) -> list[tuple[str, str]]:
    decoys = []
    for pair in ORDER_CUES:
        probability = _DECOY_RATIO * (label_priors[pair.forward] + label_priors[pair.backward])
        is_mentioned = pair.forward in true_labels or pair.backward in true_labels
        if not is_mentioned and dice.happens(probability):
            decoys.append(decoy_sentences(dice, pair))
    return decoys
