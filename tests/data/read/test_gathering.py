"""What a file holds beside its texts, counted by hand."""

import pandas as pd
import pytest

from search.data.file_facts import FileFacts
from search.data.read.assembly import assemble_texts
from search.data.read.columns import Columns

COLUMNS = Columns("text", ("label",), "split")


def gather(**columns: list[object]) -> FileFacts:
    n_rows = len(columns["label"])
    filled = {"text": [f"text {i}" for i in range(n_rows)], "split": ["train"] * n_rows, **columns}
    corpus = assemble_texts(pd.DataFrame(filled, dtype=object), COLUMNS)
    assert corpus.file_facts is not None
    return corpus.file_facts


def test_rows_and_fields_are_counted_over_the_whole_file() -> None:
    labels: list[object] = ["a, b", "b"] * 10
    facts = gather(
        text=["", None, *["x\ny"] * 20],
        label=["", "a", *labels],
        title=["one\ntwo", *["t"] * 21],
    )
    assert (facts.rows, facts.fields, facts.textless, facts.labelless) == (22, 88, 2, 0)
    assert (facts.multiline_fields, facts.multiline_example) == (21, "x\ny")
    facts = gather(text=["t"] * 21, label=["", *labels])
    assert (facts.textless, facts.labelless, facts.multiline_fields) == (0, 1, 0)


def test_blanks_at_separators_would_make_more_labels() -> None:
    facts = gather(label=["a, b", "b, a", "b", "a"] * 10)
    assert (facts.labels_unstripped, facts.labels_stripped) == (4, 2)
    for labels in (["x", "y"] * 10, [["a"], ["a", "b"]] * 10, ["['a', 'b']", "['a']"] * 10):
        facts = gather(label=list(labels))
        assert (facts.labels_unstripped, facts.labels_stripped) == (None, None)


def test_columns_that_tell_a_label_are_named_and_keys_are_not() -> None:
    labels: list[object] = ["a, b", "b, c"] * 40
    facts = gather(label=labels, kind=[1, 2] * 40, key=list(range(80)), flat=["same"] * 80)
    assert [(label.label, label.column) for label in facts.explained] == [
        ("a", "kind"),
        ("c", "kind"),
    ]
    assert facts.explained[0].share == pytest.approx(1.0)


def test_labels_of_few_rows_are_asked_of_no_column() -> None:
    facts = gather(label=[*["a, b"] * 19, *["b"] * 61], kind=[*[1] * 19, *[2] * 61])
    assert facts.explained == ()


def test_lists_and_missing_cells_in_other_columns_are_no_trouble() -> None:
    facts = gather(label=["a, b", "b, c"] * 40, kinds=[["x"], None] * 40)
    assert facts.explained[0].column == "kinds"
