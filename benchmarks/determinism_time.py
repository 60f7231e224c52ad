"""What `--deterministic` costs: training steps with and without it, turn by turn.

    python benchmarks/determinism_time.py

Each turn is a process of its own, as TensorFlow cannot be told back. Prints the median step of the
network that `genre` starts from, the ratio pair by pair, and whether the weights came out the same.
"""

import os
import statistics
import subprocess
import sys
import time

_CELLS = ("lstm", "gru", "simple_rnn")
_N_PAIRS, _N_STEPS, _N_WARM = 3, 60, 10
_N_WORDS, _N_LABELS, _BATCH = 10_000, 42, 64
_LENGTHS = (16, 24, 32)


def main() -> None:
    print("| cell | usual, ms | deterministic, ms | ratio (lowest to highest) | same weights |")
    print("| --- | --- | --- | --- | --- |")
    for cell in _CELLS:
        pairs = [(_turn(cell, "no"), _turn(cell, "yes")) for _ in range(_N_PAIRS)]
        ratios = [yes[0] / no[0] for no, yes in pairs]
        usual, told = (statistics.median(pair[i][0] for pair in pairs) for i in (0, 1))
        span = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        sums = {turn[1] for pair in pairs for turn in pair}
        print(
            f"| {cell} | {usual:.1f} | {told:.1f} | {span} | {'yes' if len(sums) == 1 else sums} |"
        )


def _turn(cell: str, is_deterministic: str) -> tuple[float, str]:
    command = [sys.executable, __file__, cell, is_deterministic]
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    milliseconds, weights = done.stdout.split()
    return float(milliseconds), weights


def _train(cell: str, is_deterministic: str) -> None:
    import keras
    import numpy as np

    from search.model.network import build_network, build_optimizer
    from search.space.hyperparameters import Hyperparameters
    from search.training.determinism import make_deterministic

    if is_deterministic == "yes":
        make_deterministic()
    keras.utils.set_random_seed(0)
    network = build_network(
        hyperparameters := Hyperparameters(
            cell=cell, bidirectional=True, units_1=64, embedding_size=200, pooling="sqrtn",
            padding="post", embedding_skip=True, word_dropout=0.3, spatial_dropout=0.4,
            dropout=0.6, optimizer="adamw", weight_decay=0.01,
        ),
        vocabulary_size=_N_WORDS,
        output_bias=np.zeros(_N_LABELS),
    )  # fmt: skip
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    network.compile(optimizer=build_optimizer(hyperparameters), loss=loss)
    generator, seconds = np.random.default_rng(0), []
    for step in range(_N_STEPS):
        shape = (_BATCH, _LENGTHS[step % len(_LENGTHS)])
        ids = (generator.zipf(1.3, shape) % _N_WORDS).astype(np.int32)
        labels = (generator.random((_BATCH, _N_LABELS)) < 0.05).astype(np.float32)
        started = time.perf_counter()
        network.train_on_batch(ids, labels)
        seconds.append(time.perf_counter() - started)
    total = sum(float(np.abs(weights).sum(dtype=np.float64)) for weights in network.get_weights())
    print(1000 * statistics.median(seconds[_N_WARM:]), total.hex())


if __name__ == "__main__":
    _train(*sys.argv[1:]) if len(sys.argv) > 1 else main()
