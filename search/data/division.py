"""A corpus audited and divided: what everything that trains begins with.

Owns the order of these steps and the sentences that the user should read of them. Prints nothing,
and knows no store.
"""

from dataclasses import dataclass

from ..errors import DataError
from ..metrics.losses import prior_cross_entropy
from .audit.finding import Audit
from .audit.inspection import audit_corpus
from .corpus import Corpus
from .split.repeats import compute_forced_loss, find_repeats
from .split.split import Split, split_corpus


@dataclass(frozen=True, slots=True)
class DividedCorpus:
    """A corpus with its split, and what is known of both before anything is trained."""

    corpus: Corpus
    split: Split
    audit: Audit
    prior_loss: float
    """Validation loss of predicting each label's frequency in train."""
    forced_loss: float
    """Validation loss that equal texts with different labels force on any model."""
    notes: tuple[str, ...]
    """Sentences for the user: how the corpus was read, what the audit found, how it was divided."""


def divide_corpus(
    corpus: Corpus,
    *,
    seed: int,
    is_strict: bool = False,
    validation_share: float | None = None,
) -> DividedCorpus:
    """Audit a corpus, and divide it.

    Args:
        corpus: with one text at least.
        seed: of the split.
        is_strict: whether findings beyond the audit's limits are refused.
        validation_share: of a given train side, as `split_corpus` takes it.

    Raises:
        DataError: the corpus cannot be divided, or is refused.
    """
    repeats = find_repeats(corpus.texts, corpus.tokens)
    audit = audit_corpus(corpus, repeats)
    beyond = [finding.sentence for finding in audit.beyond_limits]
    if beyond and is_strict:
        raise DataError(
            f"expected data within the limits of the audit, found: {'; '.join(beyond)}",
            "Look at `genre-search data audit`, mend the data, or leave `strict` off.",
            parameter="strict",
        )
    split = split_corpus(corpus, seed=seed, repeats=repeats, validation_share=validation_share)
    train, validation = corpus.labels[split.train], corpus.labels[split.validation]
    return DividedCorpus(
        corpus=corpus,
        split=split,
        audit=audit,
        prior_loss=prior_cross_entropy(train, validation, corpus.task),
        forced_loss=compute_forced_loss(repeats.exact[split.validation], validation, corpus.task),
        notes=(*corpus.notes, *(f"audit: {sentence}" for sentence in beyond), *split.notes),
    )
