"""Repeatable operations. Owns what that asks of the backend."""

import keras


def make_deterministic() -> None:
    """Keep the backend to operations that give the same digits each time, for this process.

    TensorFlow alone is told; JAX's operations on a CPU are repeatable as they are.
    """
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()
