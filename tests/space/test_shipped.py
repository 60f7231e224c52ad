import random
from dataclasses import asdict
from pathlib import Path

import pytest

from search.errors import SpaceError
from search.space.codec import parse_space, to_yaml
from search.space.distribution import Categorical, Float, Int, Searched
from search.space.hyperparameters import CATALOGUE, Hyperparameters, Value
from search.space.shipped import (
    find_space,
    open_preset,
    open_space,
    preset_names,
    shipped_names,
)

N_DRAWS = 200


def _draw(generator: random.Random, distribution: Searched) -> Value:
    match distribution:
        case Categorical(choices):
            return generator.choice(choices)
        case Int(low, high, _, step):
            return generator.randrange(low, high + 1, step)
        case Float(low, high, _, step) if step is not None:
            return low + step * generator.randint(0, round((high - low) / step))
    return generator.uniform(distribution.low, distribution.high)


def test_these_spaces_are_shipped() -> None:
    assert shipped_names() == ("genre", "genre-f1", "genre-wide", "imdb", "smoke")


@pytest.mark.parametrize("name", shipped_names())
def test_random_draws_are_points_of_the_space_and_valid_hyperparameters(name: str) -> None:
    space, generator = open_space(name), random.Random(0)
    for _ in range(N_DRAWS):
        values = space.suggest(lambda _, distribution: _draw(generator, distribution))
        assert space.problems_of(values) == []
        assert tuple(values) == space.active(values)
        chosen = Hyperparameters.of(values)
        assert all(getattr(chosen, name) == value for name, value in values.items())


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_space_is_written_and_read_back_equal(name: str) -> None:
    space = open_space(name)
    assert parse_space(to_yaml(space), name) == space
    assert space.name == name
    assert space.description


@pytest.mark.parametrize("name", shipped_names())
def test_starts_are_valid_hyperparameters(name: str) -> None:
    space = open_space(name)
    for start in space.starts:
        Hyperparameters.of({**space.fixed, **start.values})


def test_the_wide_space_searches_the_whole_catalogue_but_what_gains_nothing() -> None:
    space = open_space("genre-wide")
    assert set(space.hyperparameters) == set(CATALOGUE)
    assert set(space.fixed) == {"embedding_rows", "length_buckets"}


def test_only_the_spaces_that_say_so_search_the_training_loss() -> None:
    # The others give up what `val_loss` measures.
    assert "training_loss" not in open_space("genre").hyperparameters
    assert "training_loss" in open_space("genre-f1").searched


@pytest.mark.parametrize("name", ["genre-f1", "genre-wide"])
def test_hyperparameters_of_a_loss_are_active_with_it_alone(name: str) -> None:
    space = open_space(name)
    own = {
        "cross_entropy": {"class_weighting"},
        "focal": {"class_weighting", "focal_gamma"},
        "asymmetric": {
            "class_weighting",
            "asymmetric_gamma_positive",
            "asymmetric_gamma_negative",
            "asymmetric_margin",
        },
        "distribution_balanced": {"focal_gamma", "rebalancing_midpoint", "negative_tolerance"},
    }
    every = set().union(*own.values())
    for loss, expected in own.items():
        assert set(space.active({"training_loss": loss})) & every == expected


def test_an_unknown_name_is_told_with_the_known_ones() -> None:
    with pytest.raises(
        SpaceError, match=r"^gnere: .*\(genre, genre-f1, genre-wide, imdb, smoke\).*nearest: genre"
    ):
        open_space("gnere")


@pytest.mark.parametrize("source", ["mine.yaml", "mine.yml", "./mine", "genre/"])
def test_what_looks_like_a_path_is_taken_as_one(source: str) -> None:
    assert find_space(source) == Path(source)


def test_a_path_is_opened_as_given(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("name: mine\nhyperparameters: {units_1: 4}\n")
    assert open_space(str(path)).name == "mine"


@pytest.mark.parametrize("name", [name for name in preset_names() if name.startswith("imdb")])
def test_the_presets_on_reviews_are_points_of_the_space_of_reviews(name: str) -> None:
    assert open_space("imdb").point_of(asdict(open_preset(name).configuration())) is not None
