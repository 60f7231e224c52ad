import numpy as np
import pytest

from search.metrics.task import Task
from search.model.embedding import SvdEmbedding
from search.space.hyperparameters import Hyperparameters
from search.text.tokens import tokenize
from search.text.vocabulary import Vocabulary
from search.training.examples import Examples, TrainingData
from search.training.pace import Pace, measure_pace


def _data(n_texts: int) -> TrainingData:
    texts = [f"word{i % 7} of a film" for i in range(n_texts)]
    vocabulary = Vocabulary.count(tokenize(texts))
    labels = (np.arange(n_texts * 2) % 3 == 0).astype(np.uint8).reshape(n_texts, 2)
    examples = Examples(vocabulary.encode(tokenize(texts)), labels)
    start = SvdEmbedding(examples.texts, vocabulary.size, 4, seed=0)
    return TrainingData(Task.MULTILABEL, vocabulary, examples, examples, examples, start)


def test_the_time_is_that_of_the_beginning_and_of_each_epoch() -> None:
    assert Pace(epoch_seconds=2.0, begin_seconds=5.0).seconds(3) == pytest.approx(11.0)


def test_a_thousand_times_the_batches_take_more_than_ten_times_as_long() -> None:
    hyperparameters = Hyperparameters(
        cell="gru", units_1=4, embedding_size=4, vocabulary_size=100, batch_size=8
    )
    few, many = (measure_pace(hyperparameters, _data(n), seed=1) for n in (8, 8000))
    assert few.begin_seconds > 0
    assert many.epoch_seconds > 10 * few.epoch_seconds
