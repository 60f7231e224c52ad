"""Hypothesis's strategies over spaces and files, and how its tests run here."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from search.space.distribution import Categorical, Float, Int, Searched
from search.space.hyperparameters import CATALOGUE, Value
from search.space.space import Space


def checked(n_examples: int) -> settings:
    """The same examples in each run, however slow the machine is."""
    return settings(
        max_examples=n_examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def values(distribution: Searched) -> st.SearchStrategy[Value]:
    """Every value of a distribution."""
    match distribution:
        case Categorical(choices):
            return st.sampled_from(choices)
        case Int(low, high, _, step):
            return st.integers(0, (high - low) // step).map(lambda i: low + step * i)
        case Float(low, high, _, float(step)):
            n_steps = round((high - low) / step)
            return st.integers(0, n_steps).map(lambda i: min(low + step * i, high))
    return st.floats(distribution.low, distribution.high)


@st.composite
def points(draw: Callable[[st.SearchStrategy[Any]], Any], space: Space) -> dict[str, Value]:
    """Draws of a space."""
    return space.suggest(lambda _, distribution: draw(values(distribution)))


_WORDS = (
    *CATALOGUE,
    *("units", "int", "float", "categorical", "fixed", "none", "lstm", "a/b.yaml", "imdb-lstm-100"),
    *("type", "low", "high", "log", "step", "choices", "value", "when", "repeat"),
    *("name", "description", "hyperparameters", "starts", "values", "preset", "file"),
    *(">= 2", "> -1", "!= nan", "<= 1e999", "< ", "!= lstm", "distribution_balanced", "sqrt"),
)
_LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 5),
    st.integers(),
    st.floats(allow_nan=False),
    st.sampled_from([1e-5, 0.1, 10**17, 10**400, 1e308, 5e-324, "1_000", "٣", "9" * 5000]),
    st.sampled_from(_WORDS),
    st.text(max_size=10),
)
junk = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_WORDS), inner, max_size=3)
    ),
    max_leaves=6,
)
"""What may stand in a file where something else should."""


@st.composite
def mutated(draw: Callable[[st.SearchStrategy[Any]], Any], document: Any) -> Any:
    """The content of a file with one to four entries replaced, left out, renamed or added."""
    for _ in range(draw(st.integers(1, 4))):
        document = _changed(draw, document)
    return document


def _changed(draw: Callable[[st.SearchStrategy[Any]], Any], part: Any) -> Any:
    if not isinstance(part, dict | list) or not part or draw(st.integers(0, 7)) == 0:
        return draw(junk)
    entries = dict(part) if isinstance(part, dict) else dict(enumerate(part))
    key = draw(st.sampled_from(list(entries)))
    match draw(st.sampled_from(["inside", "inside", "inside", "leave out", "rename", "add"])):
        case "inside":
            entries[key] = _changed(draw, entries[key])
        case "leave out":
            del entries[key]
        case "rename":
            entries = {
                draw(st.sampled_from(_WORDS)) if k == key else k: entries[k] for k in entries
            }
        case "add":
            entries[draw(st.sampled_from(_WORDS))] = draw(junk)
    return entries if isinstance(part, dict) else list(entries.values())


@st.composite
def shuffled(draw: Callable[[st.SearchStrategy[Any]], Any], document: Any) -> Any:
    """The same content with the keys of each mapping in another order."""
    if isinstance(document, list):
        return [draw(shuffled(entry)) for entry in document]
    if not isinstance(document, dict):
        return document
    return {key: draw(shuffled(document[key])) for key in draw(st.permutations(list(document)))}
