"""What a network is trained on and measured on.

Owns encoded texts with their labels, and which texts of a divided corpus they are. The test split
is not read here.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..data.corpus import LabelMatrix
from ..data.division import DividedCorpus
from ..data.split.split import Indices
from ..data.word_vectors.word_vectors import read_word_vectors
from ..metrics.matrices import Singles
from ..metrics.task import Task
from ..model.embedding import FileEmbedding, SvdEmbedding
from ..model.parameters import count_parameters
from ..space.hyperparameters import Hyperparameters
from ..text.buckets import Buckets, Encoding, make_buckets
from ..text.tokens import TokenSequences
from ..text.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Examples:
    """Encoded texts with labels, in one order."""

    texts: TokenSequences
    labels: LabelMatrix
    """uint8, (n_texts, n_labels)."""

    def sample(self, size: int, *, seed: int) -> "Examples":
        """Draw `size` examples without replacement, in their order; all if there are fewer."""
        if size >= len(self.texts):
            return self
        chosen = np.sort(np.random.default_rng(seed).choice(len(self.texts), size, replace=False))
        return Examples(self.texts.select(chosen), self.labels[chosen])


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Everything that the trials of a study share, without the test split."""

    task: Task
    """What is predicted."""
    vocabulary: Vocabulary
    """Counted on train, uncut."""
    train: Examples
    train_sample: Examples
    """A fixed part of train, as large as validation, on which overfitting is measured."""
    validation: Examples
    svd_start: SvdEmbedding
    """Word vectors of the train texts."""
    file_start: FileEmbedding | None = None
    """Word vectors from a file; None where the user gave none."""
    notes: tuple[str, ...] = ()
    """Sentences for the user: how much of the vocabulary is in that file."""

    def make_buckets(self, encoding: Encoding) -> tuple[Buckets, ...]:
        """Cut, pad and group the texts of train, of validation and of the sample of train."""
        parts = (self.train, self.validation, self.train_sample)
        return tuple(make_buckets(part.texts, encoding) for part in parts)

    def count_parameters(self, hyperparameters: Hyperparameters) -> int:
        """Count the weights that a network of these hyperparameters has on these data."""
        return count_parameters(
            hyperparameters,
            vocabulary_size=hyperparameters.count_embedding_rows(self.vocabulary.size),
            n_labels=self.train.labels.shape[1],
        )

    def choose_start(self, hyperparameters: Hyperparameters) -> Singles | None:
        """Return the start of a network's embedding, (rows, embedding_size), or None for random.

        Raises:
            ValueError: it starts from a file of word vectors, and none was given.
        """
        initialization = hyperparameters.embedding_initialization
        if initialization == "random":
            return None
        start = self.svd_start if initialization == "svd" else self.file_start
        if start is None:
            raise ValueError("embedding_initialization is file, but no file was read")
        n_rows = hyperparameters.count_embedding_rows(self.vocabulary.size)
        return start.make_vectors(n_rows, hyperparameters.embedding_size)


def make_training_data(
    divided: DividedCorpus,
    *,
    seed: int,
    n_dimensions: int,
    part: Indices | None = None,
    embeddings: Path | None = None,
) -> TrainingData:
    """Encode train and validation.

    Args:
        divided: the corpus with its split.
        seed: of the sample of train, and of the SVD.
        n_dimensions: of the largest embedding that starts from an SVD.
        part: positions in train, to learn from a part of it alone; None for all.
        embeddings: file of word vectors that embeddings may start from.

    Raises:
        DataError: the file cannot be read.
    """
    corpus, split = divided.corpus, divided.split
    rows = split.train if part is None else split.train[part]
    train_tokens = corpus.tokens.select(rows)
    vocabulary = Vocabulary.count(train_tokens)
    train = Examples(vocabulary.encode(train_tokens), corpus.labels[rows])
    validation = Examples(
        vocabulary.encode(corpus.tokens.select(split.validation)), corpus.labels[split.validation]
    )
    sample = train.sample(len(validation.texts), seed=seed)
    svd_start = SvdEmbedding(train.texts, vocabulary.size, n_dimensions, seed=seed)
    data = TrainingData(corpus.task, vocabulary, train, sample, validation, svd_start)
    if embeddings is None:
        return data
    found = read_word_vectors(embeddings, vocabulary)
    note = f"{embeddings.name}: {found.describe_coverage(train.texts)}"
    return replace(data, file_start=FileEmbedding(found, seed=seed), notes=(note,))
