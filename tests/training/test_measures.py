import csv
import io
import json
import struct

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, log_loss

from search.metrics.task import Task
from search.training.measures import Measured, measure
from tests.metrics.choices import draw_choices

NAMES = ("a, b", "true", "Ärger", "d", "e", "none has it")
PROBABILITIES, LABELS = draw_choices(n_without=1)
SEVERAL = {
    "labels.csv",
    "text_losses.csv",
    "metric_names.json",
    "plots/f1_by_label.png",
    "plots/reliability.png",
}
"""Files of every task."""


@pytest.fixture(scope="module")
def chosen() -> Measured:
    return measure(PROBABILITIES, LABELS, NAMES, Task.MULTICLASS, title="trial")


def read_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode())))


def test_one_choice_has_confusions_and_no_thresholds(chosen: Measured) -> None:
    assert set(chosen.files) == SEVERAL | {"confusion.csv", "plots/confusion.png"}
    assert chosen.thresholds.shape == (0,)


@pytest.mark.parametrize("task", [Task.MULTILABEL, Task.BINARY], ids=str)
def test_the_other_tasks_have_thresholds_and_no_confusions(task: Task) -> None:
    # Of two probabilities that are no choice.
    labels = LABELS[:40, :1]
    found = measure(PROBABILITIES[:40, :1], labels, ("war",), task, title="trial")
    assert set(found.files) == SEVERAL | {"thresholds.json"}
    assert json.loads(found.files["thresholds.json"]) == {"war": found.thresholds[0]}


def test_the_table_of_confusions_is_scikit_learns(chosen: Measured) -> None:
    (corner, *names), *rows = read_rows(chosen.files["confusion.csv"])
    assert (corner, tuple(names)) == ("true \\ predicted", NAMES)
    assert tuple(row[0] for row in rows) == NAMES
    true, predicted = LABELS.argmax(axis=1), PROBABILITIES.argmax(axis=1)
    theirs = confusion_matrix(true, predicted, labels=list(range(6)))
    assert [[int(count) for count in row[1:]] for row in rows] == theirs.tolist()


def test_the_picture_of_confusions_is_a_png_of_a_size_to_read(chosen: Measured) -> None:
    content = chosen.files["plots/confusion.png"]
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    assert width > 400 and height > 300


def test_the_metrics_are_those_of_one_choice(chosen: Measured) -> None:
    rows = PROBABILITIES / PROBABILITIES.sum(axis=1, keepdims=True)
    loss = log_loss(LABELS.argmax(axis=1), rows, labels=list(range(6)))
    assert chosen.metrics["val_loss"] == pytest.approx(loss, rel=1e-6)
    assert {"accuracy", "top_3_accuracy", "f1_macro"} <= chosen.metrics.keys()
    assert not [name for name in chosen.metrics if name.endswith("_at_half")]
    losses = [float(loss) for _, loss in read_rows(chosen.files["text_losses.csv"])[1:]]
    assert np.mean(losses) == pytest.approx(chosen.metrics["val_loss"])
    # Labels with a text.
    assert len(chosen.label_metrics) == 5


def test_the_table_of_labels_leaves_out_what_one_choice_has_not(chosen: Measured) -> None:
    header, *rows = read_rows(chosen.files["labels.csv"])
    places = [header.index(name) for name in ("threshold", "f1_at_half", "precision_at_half")]
    assert {row[place] for row in rows for place in places} == {""}
    assert {row[0] for row in rows} == set(NAMES)
