import json

import pytest

from tests.films import WORDS
from tests.stages import Stage

TEXT = "detective murder police killer"


def test_labels_are_printed_with_their_probabilities_most_probable_first(exported: Stage) -> None:
    finished = exported.workspace.run("predict", "--model", "winner", TEXT)
    assert finished.code == 0
    lines = [line.removeprefix("*").split("%") for line in finished.out.splitlines()]
    assert {name.strip() for _, name in lines} == set(WORDS)
    shares = [float(share) for share, _ in lines]
    assert shares == sorted(shares, reverse=True)
    assert "Traceback" not in finished.err


def test_json_is_an_object_a_text_with_every_label(exported: Stage) -> None:
    arguments = ("predict", "--model", "winner", "--format", "json", TEXT, "love «kiss»")
    lines = exported.workspace.run(*arguments).out.splitlines()
    first, second = map(json.loads, lines)
    assert (first["text"], second["text"]) == (TEXT, "love «kiss»")
    assert {label["label"] for label in first["labels"]} == set(WORDS)
    folder = exported.workspace.folder / "winner"
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    thresholds = {label["name"]: label["threshold"] for label in labels}
    for label in first["labels"]:
        assert label["predicted"] == (label["probability"] >= thresholds[label["label"]])


def test_a_text_is_predicted_the_same_alone_and_in_company(exported: Stage) -> None:
    command = ("predict", "--model", "winner", "--format", "json", TEXT)
    alone = json.loads(exported.workspace.run(*command).out)
    company = exported.workspace.run(*command, "love " * 40, "x").out.splitlines()[0]
    for one, other in zip(alone["labels"], json.loads(company)["labels"], strict=True):
        assert one["label"] == other["label"]
        assert one["probability"] == pytest.approx(other["probability"], abs=1e-6)


def test_several_texts_each_stand_above_their_labels(exported: Stage) -> None:
    out = exported.workspace.run("predict", "--model", "winner", TEXT, "love kiss").out
    assert out.splitlines()[0] == TEXT
    assert "love kiss" in out.splitlines()
