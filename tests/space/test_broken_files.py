"""Unexpected content of a space or preset file is reported, never as a traceback."""

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import SpaceError
from search.space.codec import to_yaml
from search.space.distribution import Categorical, Float, Int, Searched
from search.space.document import read_document, write_value
from search.space.files import parse_file, read_text
from search.space.hyperparameters import Hyperparameters, Value
from search.space.preset import is_preset, make_preset
from search.space.shipped_files import find_preset, find_space, list_presets, list_spaces
from tests.space.drawing import checked, mutated
from tests.space.parsing import parse_space

PRESETS = {name: find_preset(name) for name in list_presets()}
FILES = [find_space(name) for name in list_spaces()]
FILES += [find_preset(name) for name in ("genre-model-1", "imdb-cnn-lstm-100-dropout")]


def drawn(generator: random.Random, distribution: Searched) -> Value:
    match distribution:
        case Categorical(choices):
            return generator.choice(choices)
        case Int(low, high, _, step):
            return generator.randrange(low, high + 1, step)
        case Float(low, high, _, step) if step is not None:
            return low + step * generator.randint(0, round((high - low) / step))
    return generator.uniform(distribution.low, distribution.high)


def check(text: str) -> None:
    """A file is right, and then all that comes of it too, or each of its problems is one line."""
    try:
        file = parse_file(text, "mine.yaml")
        if is_preset(file.content):
            make_preset(file).configuration()
            return
        space = parse_space(text, "mine.yaml", PRESETS)
    except SpaceError as error:
        assert all(line.startswith("mine.yaml: ") for line in error.message.splitlines())
        return
    assert parse_space(to_yaml(space), "again.yaml") == space
    for start in space.starts:
        Hyperparameters.from_values({**space.fixed, **start.values})
    generator = random.Random(0)
    for _ in range(10):
        Hyperparameters.from_values(space.suggest(lambda _, among: drawn(generator, among)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_with_other_entries_is_read_or_refused(path: Path) -> None:
    document, _ = read_document(read_text(path))

    @checked(25)
    @given(mutated(document))
    def change(content: Any) -> None:
        check(write_value(content))

    change()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_with_other_characters_is_read_or_refused(path: Path) -> None:
    text = read_text(path)
    place, inserted = (
        st.integers(0, len(text)),
        st.text(max_size=4) | st.text(":{}[]'\"\\ #-\n&*!|>?%"),
    )

    @checked(10)
    @given(place, st.integers(0, 40), inserted)
    def change(start: int, n_removed: int, new: str) -> None:
        check(text[:start] + new + text[start + n_removed :])

    change()


@checked(100)
@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    check(text)


WIDE, _ = read_document(read_text(find_space("genre-wide")))
WHEN = [
    {},
    {"cell": "gru"},
    {"cell": "!= gru"},
    {"training_loss": "focal"},
    {"training_loss": "!= distribution_balanced"},
    {"recurrent_layers": ">= 2", "cell": ["gru", "lstm"]},
    {"convolution_filters": "> 0"},
    {"class_weighting": "!= none"},
    {"optimizer": "sgd", "class_weighting": ["sqrt", "none"]},
]


CHANGED = ("class_weighting", "training_loss", "reset_after", "momentum", "focal_gamma")


@checked(40)
@given(st.fixed_dictionaries({name: st.sampled_from(WHEN) for name in CHANGED}))
def test_with_any_conditions_a_space_is_refused_or_each_of_its_draws_is_right(
    conditions: dict[str, dict[str, Any]],
) -> None:
    entries = {
        name: {**entry, "when": conditions[name]}
        if name in conditions and isinstance(entry, dict)
        else entry
        for name, entry in WIDE["hyperparameters"].items()
    }
    check(write_value({"name": "wide", "hyperparameters": entries}))
