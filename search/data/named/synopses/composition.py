"""Composition of one synopsis: which sentences a text with given labels is made of.

Owns the order of sentences, the decoys and the length of a text; knows no noise and no matrix.
"""

import re
from collections.abc import Mapping, Set
from typing import Final

from .grammar import Grammar

# Shorter texts get sentences that mean nothing; longer ones are written anew.
_MIN_WORDS: Final = 25
_MAX_WORDS: Final = 120
# How often a pair of nouns occurs without its cue, as a share of how often with it: whoever sees
# the words but not their order can know neither which of the two labels is meant nor whether one
# is.
_DECOY_RATIO: Final = 0.7
_WORDS_WITH_DECOYS: Final = 84
_WORD: Final = re.compile(r"\w+")


def write_text(grammar: Grammar, true_labels: Set[str], label_priors: Mapping[str, float]) -> str:
    """Write a synopsis that holds the cue of every true label and no other cue.

    Args:
        grammar: writes the sentences.
        true_labels: names of the true labels, few enough that their sentences fit (7 do).
        label_priors: every label's probability; a frequent pair of nouns is a frequent decoy.

    Returns:
        Sentences of 25 to 120 words.
    """
    while True:
        body = _cue_sentences(grammar, true_labels)
        n_words = sum(map(_count_words, body))
        for decoy in grammar.dice.shuffle(_decoys(grammar, true_labels, label_priors)):
            n_words += sum(map(_count_words, decoy))
            if n_words > _WORDS_WITH_DECOYS:
                break
            body.extend(decoy)
        opening, closing = grammar.write_opening(), grammar.write_closing()
        while sum(map(_count_words, (opening, closing, *body))) < _MIN_WORDS:
            body.append(grammar.write_filler())
        text = " ".join((opening, *grammar.dice.shuffle(body), closing))
        if _count_words(text) <= _MAX_WORDS:
            return text


def _cue_sentences(grammar: Grammar, true_labels: Set[str]) -> list[str]:
    words = grammar.words
    sentences = [grammar.write_word(cue) for cue in words.word_cues if cue.label in true_labels]
    for pair in words.order_cues:
        for label, is_forward in ((pair.forward, True), (pair.backward, False)):
            if label in true_labels:
                sentences.append(grammar.write_order(pair, is_forward=is_forward))
    return sentences


def _decoys(
    grammar: Grammar, true_labels: Set[str], label_priors: Mapping[str, float]
) -> list[tuple[str, str]]:
    decoys = []
    for pair in grammar.words.order_cues:
        probability = _DECOY_RATIO * (label_priors[pair.forward] + label_priors[pair.backward])
        is_mentioned = pair.forward in true_labels or pair.backward in true_labels
        if not is_mentioned and grammar.dice.happens(probability):
            decoys.append(grammar.write_decoys(pair))
    return decoys


def _count_words(text: str) -> int:
    return len(_WORD.findall(text))
