import csv
import io
import json

import numpy as np
import pytest

from search.report.comparison import (
    COLUMNS,
    ComparisonTable,
    format_cell,
    format_csv,
    format_json,
    format_markdown,
)
from search.report.configurations import MEASURES, ComparedRow
from search.trial.weights import Weights

from .configurations import diverged, row, row_of, training


def comparison(
    *rows: ComparedRow, seeds: tuple[int, ...] = (0,), n_planned: int | None = None
) -> ComparisonTable:
    n_ended = sum(len(compared.trainings) for compared in rows)
    return ComparisonTable(
        corpus="films",
        rows=rows,
        seeds=seeds,
        n_planned=n_ended if n_planned is None else n_planned,
        weights=Weights.LAST,
        prior_loss=0.17077,
        trivial_accuracy=0.94806,
        trivial="no label at all",
    )


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        pytest.param((0.13526,), "0.1353", id="one seed"),
        # The mean is 0.171, the spread 0.0014: two digits of it are the fourth after the point.
        pytest.param((0.17, 0.172), "0.1710 ± 0.0014", id="four places"),
        pytest.param((0.28, 0.31), "0.295 ± 0.021", id="three places"),
        pytest.param((0.2, 0.5), "0.35 ± 0.21", id="two places"),
        pytest.param((0.17, 0.17001), "0.1700 ± 0.0000", id="small spread"),
        pytest.param((0.5, 0.5), "0.5000 ± 0.0000", id="no spread"),
        pytest.param((40.0, 80.0), "60 ± 28", id="no places"),
    ],
)
def test_a_mean_has_as_many_digits_as_its_spread_deserves(
    values: tuple[float, ...], shown: str
) -> None:
    assert format_cell(row_of(*values), "val_loss") == shown


def test_seconds_have_two_digits_after_the_point_at_most() -> None:
    assert format_cell(row_of(14.63), "seconds_per_epoch") == "14.63"
    assert format_cell(row_of(14.63, 14.632), "seconds_per_epoch") == "14.63 ± 0.00"


def test_weights_are_grouped_by_thousands() -> None:
    assert format_cell(row(), "parameters") == "175,826"


def test_a_row_whose_trainings_all_diverged_says_so_and_has_no_numbers() -> None:
    compared = row(diverged(0), diverged(1))
    cells = {column: format_cell(compared, column) for column in COLUMNS}
    assert cells["verdict"] == "diverged"
    assert {cells[measure] for measure in MEASURES} == {""}
    assert (cells["name"], cells["parameters"]) == ("LSTM", "175,826")


def test_the_sentences_say_what_the_numbers_are_and_what_no_skill_would_have() -> None:
    text = " ".join(comparison(row()).sentences())
    assert "Predicting no label at all has an accuracy of 0.9481" in text
    assert "the label priors have a loss of 0.1708" in text
    assert "Corpus films, split of seed 0." in text
    assert "at the last epoch" in text


def test_seeds_are_named_where_there_are_several() -> None:
    said = comparison(row_of(0.1, 0.2), seeds=(3, 7)).sentences()[0]
    assert "split of seed 3." in said
    assert "Mean ± standard deviation (n - 1) over the seeds 3, 7." in said
    assert "standard deviation" not in comparison(row()).sentences()[0]


def test_seconds_that_include_the_first_epoch_are_explained() -> None:
    short = row(training(n_epochs=2))
    assert "TensorFlow traces the network" in " ".join(comparison(short).sentences())
    assert "traces" not in " ".join(comparison(row(training(n_epochs=3))).sentences())


def test_an_interrupted_comparison_says_how_far_it_came() -> None:
    said = comparison(row(), n_planned=6).sentences()[-1]
    assert "Interrupted: 1 of 6 trainings" in said
    (alone,) = comparison(n_planned=6).sentences()
    assert "Interrupted before the first of 6 trainings" in alone
    assert "Interrupted" not in " ".join(comparison(row()).sentences())


def test_markdown_is_a_table_in_the_order_given_with_the_sentences_below() -> None:
    table = comparison(row(name="SimpleRNN"), row(diverged(), name="a|b"))
    head, rule, first, second, blank, *below = format_markdown(table).splitlines()
    assert head == "| " + " | ".join(COLUMNS.values()) + " |"
    assert rule.count("---:") == len(COLUMNS) - 2
    assert first == (
        "| SimpleRNN | 175,826 | 0.50 | 0.5000 | 0.5000 | 0.5000 | 0.5000 | 0.5000 | 0.5000 | fit |"
    )
    assert second.startswith("| a\\|b | 175,826 |")
    assert blank == ""
    assert below == table.sentences()


def test_csv_has_every_measure_unrounded_with_its_spread() -> None:
    compared = row(training(0, 0.123456789), training(1, 0.2), diverged(2))
    (line,) = csv.DictReader(io.StringIO(format_csv(comparison(compared))))
    for measure in MEASURES:
        assert float(line[measure]) == pytest.approx(0.1617283945)
        assert float(line[f"{measure}_spread"]) == pytest.approx(np.std([0.123456789, 0.2], ddof=1))
    assert (line["name"], line["parameters"]) == ("LSTM", "175826")
    assert (line["verdict"], line["trainings"], line["diverged"]) == ("2 fit, 1 diverged", "3", "1")


def test_csv_leaves_empty_what_is_undefined() -> None:
    (line,) = csv.DictReader(io.StringIO(format_csv(comparison(row(diverged())))))
    assert {line[measure] for measure in MEASURES} == {""}


def test_json_has_each_training_with_its_curves_and_run() -> None:
    table = comparison(
        row(training(3, 0.25, verdict="overfit", onset=2), diverged(4)), seeds=(3, 4)
    )
    facts = json.loads(format_json(table))
    assert (facts["corpus"], facts["seeds"], facts["split_seed"]) == ("films", [3, 4], 3)
    assert (facts["trainings_planned"], facts["trainings_ended"]) == (2, 2)
    (compared,) = facts["rows"]
    assert compared["val_loss"] == {"mean": 0.25, "spread": None}
    first, second = compared["trainings"]
    assert (first["seed"], first["onset"], first["run_id"]) == (3, 2, "run-3")
    assert first["epochs"]["val_loss"] == [0.25, 0.25, 0.25]
    assert set(first["epochs"]) >= {"train_loss", "train_accuracy", "val_accuracy", "f1_macro"}
    assert (second["verdict"], second["val_loss"], second["epochs"]) == ("diverged", None, {})
