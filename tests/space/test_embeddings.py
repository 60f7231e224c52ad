import pytest

from search.errors import SpaceError
from search.space.distribution import Fixed
from search.space.embeddings import check_needs_no_file, names_file, use_file_embeddings
from search.space.preset import Preset
from search.space.shipped_files import list_presets, list_spaces, open_preset, open_space
from search.space.space import Space
from tests.space.parsing import parse_space

NAME = "embedding_initialization"


def build_space(initialization: str, *more: str, start: str = "") -> Space:
    lines = ["name: tiny", "hyperparameters:", "  units_1: {type: int, low: 8, high: 16}"]
    lines += [f"  {NAME}: {initialization}"] if initialization else []
    lines += [f"  {line}" for line in more]
    lines += ["starts:", "  - name: one", f"    values: {{units_1: 8{start}}}"]
    return parse_space("\n".join(lines), "tiny.yaml")


@pytest.mark.parametrize("initialization", ["", "svd", "random"], ids=["left out", "svd", "random"])
def test_every_trial_starts_from_the_file(initialization: str) -> None:
    space = build_space(initialization)
    changed = use_file_embeddings(space)
    assert changed.fixed == {NAME: "file"}
    assert changed.searched == ("units_1",)
    assert (changed.name, changed.starts) == (space.name, space.starts)
    assert changed.hash == build_space("file").hash != space.hash


def test_a_choice_becomes_fixed_and_leaves_the_starts() -> None:
    text = "{type: categorical, choices: [random, svd], when: {units_1: 8}}"
    space = build_space(text, start=", embedding_initialization: svd")
    changed = use_file_embeddings(space)
    assert changed.hyperparameters[NAME].distribution == Fixed("file")
    assert changed.conditional == ()
    assert [dict(start.values) for start in changed.starts] == [{"units_1": 8}]
    assert dict(space.starts[0].values) == {"units_1": 8, NAME: "svd"}


@pytest.mark.parametrize(
    "choices",
    ["file", "{type: categorical, choices: [svd, file]}"],
    ids=["fixed", "one of the choices"],
)
def test_a_space_that_names_file_stays_as_it_is(choices: str) -> None:
    start = "" if choices == "file" else ", embedding_initialization: svd"
    space = build_space(choices, start=start)
    assert use_file_embeddings(space) is space


def test_a_condition_that_a_file_meets_holds_always() -> None:
    choices = "{type: categorical, choices: [random, svd]}"
    dropout = 'embedding_dropout: {type: float, low: 0.0, high: 0.5, when: {X: "!= random"}}'
    start = ", embedding_initialization: svd, embedding_dropout: 0.1"
    space = build_space(choices, dropout.replace("X", NAME), start=start)
    changed = use_file_embeddings(space)
    assert changed.conditional == ()
    assert set(changed.list_active({"units_1": 8})) == {"units_1", NAME, "embedding_dropout"}
    assert dict(changed.starts[0].values) == {"units_1": 8, "embedding_dropout": 0.1}


def test_a_condition_that_no_file_meets_is_reported() -> None:
    choices = "{type: categorical, choices: [random, svd]}"
    dropout = "embedding_dropout: {type: float, low: 0.0, high: 0.5, when: {X: svd}}"
    space = build_space(
        choices, dropout.replace("X", NAME), start=", embedding_initialization: random"
    )
    expected = (
        r"^tiny, with `embeddings`: hyperparameters\.embedding_dropout\.when\."
        r"embedding_initialization: .*file.*svd\n.*file"
    )
    with pytest.raises(SpaceError, match=expected):
        use_file_embeddings(space)


def test_a_start_without_what_becomes_active_is_reported() -> None:
    choices = "{type: categorical, choices: [random, svd]}"
    dropout = 'embedding_dropout: {type: float, low: 0.0, high: 0.5, when: {X: "!= random"}}'
    space = build_space(
        choices, dropout.replace("X", NAME), start=", embedding_initialization: random"
    )
    expected = r"starts\[0\]\.values\.embedding_dropout: .*0 to 0\.5"
    with pytest.raises(SpaceError, match=expected):
        use_file_embeddings(space)


@pytest.mark.parametrize("name", list_spaces())
def test_every_shipped_space_takes_a_file_and_needs_none(name: str) -> None:
    space = open_space(name)
    check_needs_no_file(space)
    changed = use_file_embeddings(space)
    assert changed.fixed[NAME] == "file"
    assert len(changed.starts) == len(space.starts)
    assert use_file_embeddings(changed) is changed


@pytest.mark.parametrize("name", list_presets())
def test_no_shipped_preset_needs_a_file(name: str) -> None:
    check_needs_no_file(open_preset(name))


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(
            build_space("{type: categorical, choices: [random, file]}", start=f", {NAME}: random"),
            id="space",
        ),
        pytest.param(Preset("tiny", "", {NAME: "file"}), id="preset"),
    ],
)
def test_a_space_or_preset_that_names_file_needs_one(source: Space | Preset) -> None:
    assert names_file(source)
    expected = "^tiny: embedding_initialization: .*file.*`embeddings`"
    with pytest.raises(SpaceError, match=expected):
        check_needs_no_file(source)
