"""Mask the names of labels in texts. Owns the texts that result; the room `text` knows names."""

from dataclasses import replace

from ..text.label_names import LabelNames
from .labelled_texts import LabelledTexts


def mask_label_names(content: LabelledTexts) -> LabelledTexts:
    """Mask the names of the labels in the texts, and add a note of it.

    Of a binary task both classes are masked. Names that are no words ("0", "1") mask nothing,
    which the note says. A text never becomes empty; `floor` stays a bound, since texts that say
    less allow no lower loss.
    """
    names = LabelNames(content.outcome_names)
    if len(names.wordless) == len(names.names):
        note = f"no label names masked: {_list(names.wordless)} are no words that a text could hold"
        return replace(content, notes=(*content.notes, note))
    texts = names.mask_texts(content.texts, content.tokens)
    n_changed = sum(new != old for new, old in zip(texts, content.texts, strict=True))
    note = f"label names masked in {n_changed:,} of {len(texts):,} texts"
    if names.wordless:
        note += f"; not looked for, being no words: {_list(names.wordless)}"
    return replace(content, texts=texts, notes=(*content.notes, note))


def _list(names: tuple[str, ...]) -> str:
    more = len(names) - 5
    return ", ".join(map(repr, names[:5])) + (f" and {more:,} more" if more > 0 else "")
