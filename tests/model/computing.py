"""Equations as they are printed, computed. Owns how their text becomes Python; knows no network."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit

Floats = npt.NDArray[np.float64]

_SIGNS = {
    "σ": "sigmoid",  # noqa: RUF001 - the Greek letter
    "∘": "*",
    "c̃": "candidate",
    "h̃": "candidate",
    "'": "_second",
}
_FUNCTIONS: Mapping[str, Any] = {"sigmoid": expit, "tanh": np.tanh, "max": np.maximum}


def computed(lines: Iterable[str], values: Mapping[str, Floats]) -> dict[str, Floats]:
    """Work out equations one after another; each may use those before it.

    A product of a matrix is written without a sign, as in `W x_t`; `h_{t-1}` is `h_before`.
    """
    known: dict[str, Any] = {name.replace("'", "_second"): value for name, value in values.items()}
    for line in lines:
        name, _, formula = _as_python(line).partition(" = ")
        known[name] = eval(formula, {"__builtins__": {}, **_FUNCTIONS}, known)
    return known


def _as_python(line: str) -> str:
    for sign, name in _SIGNS.items():
        line = line.replace(sign, name)
    line = line.replace("{t-1}", "before")
    # A matrix and what follows it after a space, but for an operator.
    return re.sub(r"\b([WU](?:_[a-z])?) (?=[(a-z])", r"\1 @ ", line)
