"""Repeatable operations. Owns how the backend is set to them."""

import keras


def make_deterministic() -> None:
    """Make the backend use operations that give the same digits each time, in this process.

    Only TensorFlow needs it; JAX's operations on a CPU are repeatable anyway.
    """
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()
