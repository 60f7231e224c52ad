"""Find texts that repeat each other. Owns the counting; which texts are equal `repeats.py` says."""

from itertools import compress

import numpy as np
import numpy.typing as npt

from ..corpus import Corpus
from ..split.repeats import Repeats
from .finding import EXAMPLES, Finding, counted, cut, few

Groups = npt.NDArray[np.int64]


def find_doubles(corpus: Corpus, repeats: Repeats, forced: float) -> list[Finding]:
    """Find repeats, nearly equal texts, and repeats whose labels or sides differ.

    Args:
        corpus: at least one text.
        repeats: the groups of its texts.
        forced: cross-entropy in nats an entry that the conflicts force.
    """
    return [
        _find_exact(corpus, repeats.exact),
        _find_near(corpus, repeats),
        _find_conflicts(corpus, repeats.exact, forced),
        *([_find_across(corpus, repeats)] if corpus.given_split else []),
    ]


def _find_exact(corpus: Corpus, exact: Groups) -> Finding:
    sizes = np.bincount(exact)
    count = int(exact.size - sizes.size)
    repeated = counted(count, "text repeats", "texts repeat")
    sentence = f"{repeated} an earlier text, without regard to case and white space"
    most = np.argsort(-sizes, kind="stable")[:EXAMPLES]
    examples = tuple(
        f"{sizes[group]:,} times: {cut(corpus.texts[int(np.argmax(exact == group))])}"
        for group in most
        if sizes[group] > 1
    )
    within = _word_sides(corpus, exact)
    return Finding("exact_repeats", count, exact.size, sentence + within, examples)


def _word_sides(corpus: Corpus, exact: Groups) -> str:
    """Word how many repeat another text of their own side of the file's split; "" without one."""
    sides = np.array(corpus.given_split)
    within = {
        side: int((sides == side).sum()) - np.unique(exact[sides == side]).size
        for side in dict.fromkeys(corpus.given_split)
    }
    counts = [f"{count:,} within {side}" for side, count in within.items() if count]
    return f"; {', '.join(counts)}" if counts else ""


def _find_near(corpus: Corpus, repeats: Repeats) -> Finding:
    _, firsts = np.unique(repeats.exact, return_index=True)
    near = repeats.near[firsts]
    _, places, members = np.unique(near, return_index=True, return_inverse=True)
    earlier = firsts[places[members]]
    later = earlier != firsts
    count = int(later.sum())
    repeated = counted(count, "more text repeats", "more texts repeat")
    examples = tuple(
        f"{cut(corpus.texts[text])} | like | {cut(corpus.texts[other])}"
        for text, other in zip(firsts[later][:EXAMPLES], earlier[later], strict=False)
    )
    n_texts = len(corpus.texts)
    return Finding("near_repeats", count, n_texts, f"{repeated} an earlier text nearly", examples)


def _find_conflicts(corpus: Corpus, exact: Groups, forced: float) -> Finding:
    _, firsts = np.unique(exact, return_index=True)
    groups = np.unique(exact[(corpus.labels != corpus.labels[firsts[exact]]).any(axis=1)])
    count = int(np.isin(exact, groups).sum())
    standing = counted(count, "text stands", "texts stand")
    sentence = f"{standing} among equal ones with other labels"
    if count:
        unit = "text" if corpus.task.is_multiclass else "entry of the label matrix"
        sentence += f", which forces a loss of {forced:.2g} nats per {unit} on any model"
    examples = tuple(
        " | ".join([cut(corpus.texts[firsts[group]]), *_label_sets(corpus, exact == group)][:4])
        for group in groups[:EXAMPLES]
    )
    return Finding("conflicting_repeats", count, exact.size, sentence, examples)


def _label_sets(corpus: Corpus, chosen: npt.NDArray[np.bool_]) -> list[str]:
    """Word the different label sets of some texts."""
    rows = np.unique(corpus.outcomes[chosen], axis=0)
    return [cut(", ".join(compress(corpus.outcome_names, row)) or "no label") for row in rows]


def _find_across(corpus: Corpus, repeats: Repeats) -> Finding:
    """Count the texts of the held-out sides that stand in train, or on the other side, too."""
    sides = np.array(corpus.given_split)
    held = [name for name in ("validation", "test") if (sides == name).any()]
    is_held = np.isin(sides, held)
    across = np.zeros(sides.size, dtype=np.bool_)
    nearly = np.zeros(sides.size, dtype=np.bool_)
    for seen, side in (("train", "validation"), ("train", "test"), ("validation", "test")):
        here, there = sides == side, sides == seen
        across |= here & np.isin(repeats.exact, repeats.exact[there])
        nearly |= here & np.isin(repeats.near, repeats.near[there])
    count, different = int(across.sum()), np.unique(repeats.exact[across]).size
    sentence = (
        f"{count:,} texts of {' and '.join(held) or 'no other side'}, {different:,} different "
        f"ones, stand on another side of the file's split too; {nearly.sum():,} counting nearly "
        "equal ones"
    )
    examples = few(compress(corpus.texts, across))
    return Finding("repeats_across_split", count, int(is_held.sum()), sentence, examples)
