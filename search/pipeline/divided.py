"""A corpus read, audited and divided: what every command that trains begins with.

Owns the order of these steps and what the user is told on the way; and what networks are trained
on. Knows no store.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..data.audit import Audit, audit
from ..data.corpus import Corpus
from ..data.repeats import find_repeats, forced_loss
from ..data.split import Indices, Split, split_corpus
from ..data.word_vectors import read_word_vectors
from ..errors import DataError
from ..metrics.losses import prior_cross_entropy
from ..model.embedding import FileStart, SvdStart
from ..text.vocabulary import Vocabulary
from ..training.examples import Examples, TrainingData
from .places import DataSource


@dataclass(frozen=True, slots=True)
class Divided:
    """A corpus with its split, and what is known of both before anything is trained."""

    source: DataSource
    corpus: Corpus
    split: Split
    audit: Audit
    prior_loss: float
    """Validation loss of predicting each label's frequency in train."""
    forced_loss: float
    """Validation loss that equal texts with different labels force on any model."""


def divide(
    source: DataSource,
    *,
    seed: int,
    say: Callable[[str], None],
    is_strict: bool = False,
    validation_share: float | None = None,
) -> Divided:
    """Read a corpus, audit it, and divide it.

    Args:
        source: what the user named.
        seed: of the split.
        say: called with each sentence that the user should read.
        is_strict: whether findings beyond the audit's limits are refused.
        validation_share: of a given train side, as `split_corpus` takes it.

    Raises:
        DataError: it cannot be read or divided, or is refused.
    """
    corpus = source.open()
    for note in corpus.notes:
        say(note)
    repeats = find_repeats(corpus.texts)
    findings = audit(corpus, repeats)
    _tell_findings(findings, say, is_strict=is_strict)
    split = split_corpus(corpus, seed=seed, repeats=repeats, validation_share=validation_share)
    for note in split.notes:
        say(note)
    train, validation = corpus.labels[split.train], corpus.labels[split.validation]
    return Divided(
        source=source,
        corpus=corpus,
        split=split,
        audit=findings,
        prior_loss=prior_cross_entropy(train, validation),
        forced_loss=forced_loss(repeats.exact[split.validation], validation),
    )


def training_data(
    divided: Divided,
    *,
    seed: int,
    n_dimensions: int,
    part: Indices | None = None,
    embeddings: Path | None = None,
    say: Callable[[str], None] = lambda _sentence: None,
) -> TrainingData:
    """Encode train and validation. The test part of the split is not touched.

    Args:
        divided: the corpus.
        seed: of the sample of train, and of the SVD.
        n_dimensions: of the largest embedding that starts from an SVD.
        part: positions in train, to learn from a part of it alone; None for all.
        embeddings: file of word vectors that embeddings may start from.
        say: called with how much of the vocabulary is in that file.

    Raises:
        DataError: the file cannot be read.
    """
    corpus, split = divided.corpus, divided.split
    rows = split.train if part is None else split.train[part]
    train_texts = [corpus.texts[row] for row in rows]
    validation_texts = [corpus.texts[row] for row in split.validation]
    vocabulary = Vocabulary.count(train_texts)
    train = Examples(vocabulary.encode(train_texts), corpus.labels[rows])
    validation = Examples(vocabulary.encode(validation_texts), corpus.labels[split.validation])
    sample = train.sample(len(validation.texts), seed=seed)
    svd_start = SvdStart(train.texts, vocabulary.size, n_dimensions, seed=seed)
    file_start = None
    if embeddings is not None:
        found = read_word_vectors(embeddings, vocabulary)
        say(f"{embeddings.name}: {found.coverage(train.texts).told}")
        file_start = FileStart(found, seed=seed)
    return TrainingData(vocabulary, train, sample, validation, svd_start, file_start)


def _tell_findings(findings: Audit, say: Callable[[str], None], *, is_strict: bool) -> None:
    """Tell what is beyond the audit's limits, or refuse it.

    Raises:
        DataError: the user is strict, and something is.
    """
    beyond = [finding.told for finding in findings.beyond_limits]
    if beyond and is_strict:
        raise DataError(
            f"--strict: expected data within the limits of the audit, found: {'; '.join(beyond)}",
            "Look at `genre-search data audit`, mend the data, or leave --strict off.",
        )
    for sentence in beyond:
        say(f"audit: {sentence}")
