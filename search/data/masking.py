"""Mask the names of labels in a corpus. Owns the corpus that results; `text` knows names."""

from dataclasses import replace

from ..text.label_names import LabelNames
from .corpus import Corpus


def outcome_names(corpus: Corpus) -> tuple[str, ...]:
    """Answer what a text of the corpus can be: the labels, or both classes of a binary task."""
    return (*corpus.label_names, *filter(None, [corpus.negative_name]))


def mask_label_names(corpus: Corpus) -> Corpus:
    """Answer the corpus with the names of its labels masked in the texts, and a note of it.

    Of a binary task both classes are masked. Names that are no words ("0", "1") mask nothing,
    which the note says. A text never becomes empty; `floor` stays a bound, since texts that tell
    less allow no lower loss.
    """
    names = LabelNames(outcome_names(corpus))
    if len(names.wordless) == len(names.names):
        told = f"no label names masked: {_list(names.wordless)} are no words that a text could hold"
        return replace(corpus, notes=(*corpus.notes, told))
    texts = tuple(names.mask(text) for text in corpus.texts)
    n_changed = sum(new != old for new, old in zip(texts, corpus.texts, strict=True))
    told = f"label names masked in {n_changed:,} of {len(texts):,} texts"
    if names.wordless:
        told += f"; not looked for, being no words: {_list(names.wordless)}"
    return replace(corpus, texts=texts, notes=(*corpus.notes, told))


def _list(names: tuple[str, ...]) -> str:
    more = len(names) - 5
    return ", ".join(map(repr, names[:5])) + (f" and {more:,} more" if more > 0 else "")
