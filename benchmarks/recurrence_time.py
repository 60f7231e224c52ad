"""Why recurrent networks take longer: a training step by the length of the texts.

Run: python benchmarks/recurrence_time.py

A recurrence goes through a text word by word, each step waiting for the one before; a convolution
and a bag of words (the mean of the embeddings) work on all words at once. All layers read the same
random ids, 128 texts a step, embedding 32; printed is the median step of training in milliseconds
on this machine, all in one run.
"""

import statistics
import time
from typing import Any

import keras
import numpy as np
from keras import layers

_LENGTHS = (25, 50, 100, 200, 400)
_N_TEXTS, _N_WORDS, _SIZE, _UNITS = 128, 5_000, 32, 32
_N_STEPS, _N_WARM = 12, 4


def network(kind: str) -> Any:
    ids = layers.Input((None,), dtype="int32")
    sequence = layers.Embedding(_N_WORDS, _SIZE)(ids)
    made = {
        "mean of embeddings": lambda: layers.GlobalAveragePooling1D(),
        "Conv1D 32, width 3": lambda: layers.Conv1D(_UNITS, 3, padding="same"),
        "SimpleRNN 32": lambda: layers.SimpleRNN(_UNITS),
        "LSTM 32": lambda: layers.LSTM(_UNITS),
        "GRU 32, reset_after=False": lambda: layers.GRU(_UNITS, reset_after=False),
        "GRU 32": lambda: layers.GRU(_UNITS),
        "LSTM 32, recurrent dropout": lambda: layers.LSTM(_UNITS, recurrent_dropout=0.2),
    }
    vector = made[kind]()(sequence)
    vector = layers.GlobalMaxPooling1D()(vector) if kind.startswith("Conv") else vector
    model = keras.Model(ids, layers.Dense(1)(vector))
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss)
    return model


def step_milliseconds(kind: str, length: int) -> float:
    keras.utils.set_random_seed(0)
    generator = np.random.default_rng(0)
    model = network(kind)
    seconds = []
    for _ in range(_N_STEPS):
        ids = generator.integers(0, _N_WORDS, (_N_TEXTS, length), dtype=np.int32)
        labels = generator.integers(0, 2, (_N_TEXTS, 1)).astype(np.float32)
        started = time.perf_counter()
        model.train_on_batch(ids, labels)
        seconds.append(time.perf_counter() - started)
    return 1000 * statistics.median(seconds[_N_WARM:])


def main() -> None:
    kinds = (
        "mean of embeddings",
        "Conv1D 32, width 3",
        "SimpleRNN 32",
        "LSTM 32",
        "GRU 32",
        "GRU 32, reset_after=False",
        "LSTM 32, recurrent dropout",
    )
    print("| layer | " + " | ".join(f"{length} words" for length in _LENGTHS) + " |")
    print("|" + " --- |" * (len(_LENGTHS) + 1))
    for kind in kinds:
        cells = (f"{step_milliseconds(kind, length):.0f}" for length in _LENGTHS)
        print(f"| {kind} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
