import pytest

from search.errors import SpaceError
from search.space.codec import parse_space
from search.space.distribution import Fixed
from search.space.embeddings import check_needs_no_file, names_file, with_file_embeddings
from search.space.preset import Preset
from search.space.shipped import open_preset, open_space, preset_names, shipped_names
from search.space.space import Space

NAME = "embedding_initialization"


def space_of(initialization: str, *more: str, start: str = "") -> Space:
    lines = ["name: tiny", "hyperparameters:", "  units_1: {type: int, low: 8, high: 16}"]
    lines += [f"  {NAME}: {initialization}"] if initialization else []
    lines += [f"  {line}" for line in more]
    lines += ["starts:", "  - name: one", f"    values: {{units_1: 8{start}}}"]
    return parse_space("\n".join(lines), "tiny.yaml")


@pytest.mark.parametrize("initialization", ["", "svd", "random"])
def test_every_trial_starts_from_the_file(initialization: str) -> None:
    space = space_of(initialization)
    changed = with_file_embeddings(space)
    assert changed.fixed == {NAME: "file"}
    assert changed.searched == ("units_1",)
    assert (changed.name, changed.starts) == (space.name, space.starts)
    assert changed.hash == space_of("file").hash != space.hash


def test_a_choice_becomes_fixed_and_leaves_the_starts() -> None:
    text = "{type: categorical, choices: [random, svd], when: {units_1: 8}}"
    space = space_of(text, start=", embedding_initialization: svd")
    changed = with_file_embeddings(space)
    assert changed.hyperparameters[NAME].distribution == Fixed("file")
    assert changed.conditional == ()
    assert [dict(start.values) for start in changed.starts] == [{"units_1": 8}]
    assert dict(space.starts[0].values) == {"units_1": 8, NAME: "svd"}


@pytest.mark.parametrize("choices", ["file", "{type: categorical, choices: [svd, file]}"])
def test_a_space_that_names_file_stays_as_it_is(choices: str) -> None:
    start = "" if choices == "file" else ", embedding_initialization: svd"
    space = space_of(choices, start=start)
    assert with_file_embeddings(space) is space


def test_a_condition_that_a_file_meets_holds_always() -> None:
    choices = "{type: categorical, choices: [random, svd]}"
    dropout = 'embedding_dropout: {type: float, low: 0.0, high: 0.5, when: {X: "!= random"}}'
    start = ", embedding_initialization: svd, embedding_dropout: 0.1"
    space = space_of(choices, dropout.replace("X", NAME), start=start)
    changed = with_file_embeddings(space)
    assert changed.conditional == ()
    assert set(changed.active({"units_1": 8})) == {"units_1", NAME, "embedding_dropout"}
    assert dict(changed.starts[0].values) == {"units_1": 8, "embedding_dropout": 0.1}


def test_a_condition_that_no_file_meets_is_told() -> None:
    choices = "{type: categorical, choices: [random, svd]}"
    dropout = "embedding_dropout: {type: float, low: 0.0, high: 0.5, when: {X: svd}}"
    space = space_of(
        choices, dropout.replace("X", NAME), start=", embedding_initialization: random"
    )
    expected = (
        r"^tiny, with --embeddings: hyperparameters\.embedding_dropout\.when\."
        r"embedding_initialization: must be file, the fixed value, got svd\nList file among"
    )
    with pytest.raises(SpaceError, match=expected):
        with_file_embeddings(space)


def test_a_start_without_what_becomes_active_is_told() -> None:
    choices = "{type: categorical, choices: [random, svd]}"
    dropout = 'embedding_dropout: {type: float, low: 0.0, high: 0.5, when: {X: "!= random"}}'
    space = space_of(
        choices, dropout.replace("X", NAME), start=", embedding_initialization: random"
    )
    expected = r"starts\[0\]\.values\.embedding_dropout: must be given \(0 to 0\.5\)"
    with pytest.raises(SpaceError, match=expected):
        with_file_embeddings(space)


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_space_takes_a_file_and_needs_none(name: str) -> None:
    space = open_space(name)
    check_needs_no_file(space)
    changed = with_file_embeddings(space)
    assert changed.fixed[NAME] == "file"
    assert len(changed.starts) == len(space.starts)
    assert with_file_embeddings(changed) is changed


@pytest.mark.parametrize("name", preset_names())
def test_no_shipped_preset_needs_a_file(name: str) -> None:
    check_needs_no_file(open_preset(name))


@pytest.mark.parametrize(
    "source",
    [
        space_of("{type: categorical, choices: [random, file]}", start=f", {NAME}: random"),
        Preset("tiny", "", {NAME: "file"}),
    ],
)
def test_a_space_or_preset_that_names_file_needs_one(source: Space | Preset) -> None:
    assert names_file(source)
    expected = "^tiny: embedding_initialization: file needs --embeddings FILE\nGive a file"
    with pytest.raises(SpaceError, match=expected):
        check_needs_no_file(source)
