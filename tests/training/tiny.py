"""A corpus and a network so small that an epoch takes milliseconds. Knows no test."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from search.data.corpus import Corpus, LabelMatrix, Task
from search.data.division import DividedCorpus, divide_corpus
from search.model.embedding import SvdEmbedding
from search.text.tokens import tokenize
from search.text.vocabulary import Vocabulary
from search.training.examples import Examples, TrainingData, make_training_data

LABEL_NAMES = ("War", "Drama & Love")
VALUES: Mapping[str, Any] = {
    "vocabulary_size": 50,
    "sequence_length": 8,
    "embedding_size": 4,
    "cell": "simple_rnn",
    "units_1": 4,
    "pooling": "mean",
    "batch_size": 20,
    "learning_rate": 0.1,
}
"""Hyperparameters of a network that learns these texts in a few epochs."""

CHOICE_NAMES = ("Comedy", "Drama", "War")
_CUES = (("war", "army", "bomb"), ("love", "heart", "kiss"))
_CUES_OF_CHOICES = dict(zip(CHOICE_NAMES, (("laugh", "joke", "fun"), *_CUES[::-1]), strict=True))
_OTHERS = ("the", "a", "of", "man", "in", "town")


def drawn(n_texts: int, *, seed: int) -> tuple[list[str], LabelMatrix]:
    """Draw texts of 5 to 8 words; each label is on a third of them, and one cue word shows it."""
    generator = np.random.default_rng(seed)
    labels = (generator.random((n_texts, len(_CUES))) < 1 / 3).astype(np.uint8)
    texts = []
    for row in labels:
        words = generator.choice(_OTHERS, generator.integers(3, 6, endpoint=True)).tolist()
        words += [generator.choice(cues) for cues, has in zip(_CUES, row, strict=True) if has]
        words += ["the"] * (5 - len(words))
        texts.append(" ".join(words))
    return texts, labels


def divided_texts() -> DividedCorpus:
    """Divide the texts of train, as if they were a corpus."""
    texts, labels = drawn(60, seed=1)
    corpus = Corpus(
        texts=tuple(texts),
        labels=labels,
        label_names=LABEL_NAMES,
        task=Task.MULTILABEL,
        name="tiny",
    )
    return divide_corpus(corpus, seed=0)


def tiny_data(*, reversed_validation: bool = False) -> TrainingData:
    """Give 60 texts of train and 20 of validation, whose labels may be the wrong way round."""
    train_texts, train_labels = drawn(60, seed=1)
    texts, labels = drawn(20, seed=2)
    tokens = tokenize(train_texts)
    vocabulary = Vocabulary.count(tokens)
    train = Examples(vocabulary.encode(tokens), train_labels)
    validation = Examples(
        vocabulary.encode(tokenize(texts)), 1 - labels if reversed_validation else labels
    )
    start = SvdEmbedding(train.texts, vocabulary.size, 8, seed=0)
    return TrainingData(
        Task.MULTILABEL, vocabulary, train, train.sample(20, seed=0), validation, start
    )


def divided_choices(n_texts: int = 100) -> DividedCorpus:
    """Divide texts of which each is one of three classes, half of them Drama, shown by two words.

    One in ten shows another class, so that nothing tells them all apart.
    """
    generator = np.random.default_rng(5)
    chosen = generator.choice(CHOICE_NAMES, n_texts, p=[0.3, 0.5, 0.2])
    texts = []
    for number, name in enumerate(chosen):
        shown = name if generator.random() < 0.9 else generator.choice(CHOICE_NAMES)
        words = [f"number{number}", *generator.choice(_OTHERS, 4)]
        texts.append(" ".join([*words, *generator.choice(_CUES_OF_CHOICES[shown], 2)]))
    corpus = Corpus.from_lists(texts, chosen.tolist(), task="multiclass", name="choices")
    return divide_corpus(corpus, seed=0)


def choice_data() -> TrainingData:
    """Encode train and validation of `divided_choices`."""
    return make_training_data(divided_choices(), seed=0, n_dimensions=8)
