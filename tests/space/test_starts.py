from pathlib import Path
from typing import Any

import pytest

from search.space.dimension import Dimension
from search.space.distribution import Categorical, Fixed, Int
from search.space.hyperparameters import Value
from search.space.problem import Problem, ProblemCollector
from search.space.space import Start
from search.space.starts import Sources, read_starts
from tests.space.messages import check_messages

DIMENSIONS = {
    "units_1": Dimension(Int(8, 64)),
    "cell": Dimension(Categorical(("lstm", "gru"))),
    "padding": Dimension(Fixed("post")),
}
VALUES: dict[str, Value] = {"units_1": 16, "cell": "gru"}


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    """A preset by a name, a file of one, the hyperparameters of a bundle, and a bad file."""
    texts = {
        "shipped.yaml": "name: shipped\nhyperparameters: {units_1: 16, cell: gru, padding: post}",
        "own.yaml": "{units_1: 8, padding: post}",
        "winner/hyperparameters.json": '{"units_1": 64, "padding": "post"}',
        "bad.yaml": "{units_1: a, cel: gru}",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return Sources(tmp_path, {"known": tmp_path / "shipped.yaml"})


def read(
    sources: Sources, *entries: Any
) -> tuple[tuple[Start, ...], dict[str, str], list[Problem]]:
    collector = ProblemCollector()
    starts, places = read_starts(list(entries), DIMENSIONS, sources, collector)
    return starts, places, collector.problems


def test_values_a_preset_and_files_are_read_in_their_order(sources: Sources) -> None:
    starts, places, problems = read(
        sources,
        {"name": "mine", "values": VALUES},
        {"preset": "known"},
        {"preset": "own.yaml", "name": "renamed"},
        {"file": "winner/hyperparameters.json"},
        {"file": str(sources.folder / "own.yaml")},
    )
    assert problems == []
    assert starts == (
        Start("mine", VALUES),
        Start("shipped", VALUES),
        Start("renamed", {"units_1": 8, "cell": "lstm"}),
        Start("winner", {"units_1": 64, "cell": "lstm"}),
        Start("own", {"units_1": 8, "cell": "lstm"}),
    )
    assert places["starts[1].values"] == "starts[1].preset"
    assert places["starts[3].values"] == "starts[3].file"


def test_what_lies_outside_the_space_stays_for_the_space_to_tell(sources: Sources) -> None:
    path = sources.folder / "other.yaml"
    path.write_text("{units_1: 100, padding: pre, dropout: 0.5}")
    (start,), _, _ = read(sources, {"file": "other.yaml"})
    assert start.values == {"units_1": 100, "cell": "lstm", "padding": "pre", "dropout": 0.5}


def test_what_names_nothing_is_reported_and_left_out(sources: Sources) -> None:
    starts, places, problems = read(
        sources,
        {"preset": "knwon"},
        {"preset": ["known"]},
        {"file": "nowhere.json"},
        {"file": "bad.yaml"},
        {"file": "own.yaml", "values": {}},
        {"file": "own.yaml", "nmae": "b"},
    )
    folder = sources.folder
    check_messages(
        problems,
        "starts[0].preset: ...shipped preset...file...knwon...known",
        "starts[1].preset: ...text...a list",
        f"starts[2].file: {folder}/nowhere.json: ...file...nothing",
        f"starts[3].file: {folder}/bad.yaml: units_1: ...whole number...a",
        f"starts[3].file: {folder}/bad.yaml: cel: ...nearest: cell",
        "starts[4]: ...values, preset, file...values, file",
        "starts[5].nmae: ...nearest: name",
    )
    # The sixth of the file is the only one left.
    assert [start.name for start in starts] == ["own"]
    assert places["starts[0]"] == "starts[5]"


def test_a_file_is_never_a_name(sources: Sources) -> None:
    _, _, problems = read(sources, {"file": "known"})
    check_messages(problems, f"starts[0].file: {sources.folder}/known: ...file...nothing")


def test_what_is_no_mapping_has_neither_name_nor_values(sources: Sources) -> None:
    assert read(sources, 4)[0] == (Start("", None),)  # type: ignore[arg-type]
