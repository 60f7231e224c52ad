import csv
import io
import json
from statistics import fmean, stdev

import numpy as np
import pytest

from search.report.comparison import (
    COLUMNS,
    CURVES,
    MEASURES,
    ComparedRow,
    Comparison,
    Training,
    as_csv,
    as_json,
    as_markdown,
    shown_cell,
)
from search.training.diagnosis import Verdict
from search.training.history import Taken


def training(
    seed: int = 0, value: float = 0.5, *, verdict: str = "fit", onset: int | None = None,
    n_epochs: int = 3,
) -> Training:  # fmt: skip
    """One training that has the same number everywhere."""
    return Training(
        seed=seed,
        verdict=Verdict(verdict),
        onset=onset,
        metrics=dict.fromkeys(MEASURES, value),
        epochs=dict.fromkeys(CURVES, [value] * n_epochs),
        run_id=f"run-{seed}",
    )


def diverged(seed: int = 0) -> Training:
    return Training(seed, Verdict.DIVERGED, None, {}, {}, f"run-{seed}")


def row(*trainings: Training, name: str = "LSTM") -> ComparedRow:
    return ComparedRow(name, 175_826, trainings or (training(),))


def of(*values: float) -> ComparedRow:
    return row(*(training(seed, value) for seed, value in enumerate(values)))


def comparison(
    *rows: ComparedRow, seeds: tuple[int, ...] = (0,), n_planned: int | None = None
) -> Comparison:
    n_ended = sum(len(compared.trainings) for compared in rows)
    return Comparison(
        corpus="films",
        rows=rows,
        seeds=seeds,
        n_planned=n_ended if n_planned is None else n_planned,
        takes=Taken.LAST,
        prior_loss=0.17077,
        trivial_accuracy=0.94806,
        trivial="no label at all",
    )


def test_mean_and_spread_are_those_of_the_seeds() -> None:
    values = (0.171, 0.174, 0.18)
    assert of(*values).mean("val_loss") == pytest.approx(np.mean(values))
    assert of(*values).spread("val_loss") == pytest.approx(np.std(values, ddof=1))


def test_one_seed_has_no_spread() -> None:
    assert of(0.1).mean("val_loss") == 0.1
    assert of(0.1).spread("val_loss") is None


def test_trainings_that_diverged_are_no_part_of_mean_and_spread() -> None:
    compared = row(training(0, 0.1), diverged(1), training(2, 0.3))
    assert compared.mean("val_loss") == pytest.approx(fmean([0.1, 0.3]))
    assert compared.spread("val_loss") == pytest.approx(stdev([0.1, 0.3]))
    assert row(diverged()).mean("val_loss") is None


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ((0.13526,), "0.1353"),
        # The mean is 0.171, the spread 0.0014: two digits of it are the fourth after the point.
        ((0.17, 0.172), "0.1710 ± 0.0014"),
        ((0.28, 0.31), "0.295 ± 0.021"),
        ((0.2, 0.5), "0.35 ± 0.21"),
        ((0.17, 0.17001), "0.1700 ± 0.0000"),
        ((0.5, 0.5), "0.5000 ± 0.0000"),
        ((40.0, 80.0), "60 ± 28"),
    ],
)
def test_a_mean_has_as_many_digits_as_its_spread_deserves(
    values: tuple[float, ...], shown: str
) -> None:
    assert shown_cell(of(*values), "val_loss") == shown


def test_seconds_have_two_digits_after_the_point_at_most() -> None:
    assert shown_cell(of(14.63), "seconds_per_epoch") == "14.63"
    assert shown_cell(of(14.63, 14.632), "seconds_per_epoch") == "14.63 ± 0.00"


def test_weights_are_grouped_by_thousands() -> None:
    assert shown_cell(row(), "parameters") == "175,826"


def test_a_row_whose_trainings_all_diverged_says_so_and_has_no_numbers() -> None:
    compared = row(diverged(0), diverged(1))
    cells = {column: shown_cell(compared, column) for column in COLUMNS}
    assert cells["verdict"] == "diverged"
    assert {cells[measure] for measure in MEASURES} == {""}
    assert (cells["name"], cells["parameters"]) == ("LSTM", "175,826")


@pytest.mark.parametrize(
    ("trainings", "said"),
    [
        ([training(verdict="underfit")], "underfit"),
        ([training(verdict="overfit", onset=3)], "overfit from epoch 3"),
        ([training(verdict="overfit")], "overfit"),
        ([training(verdict="overfit", onset=n) for n in (5, 3, 4)], "overfit from epoch 3 to 5"),
        (
            [training(), training(verdict="overfit", onset=2), training(), diverged()],
            "2 fit, 1 overfit from epoch 2, 1 diverged",
        ),
    ],
)
def test_the_verdict_is_that_of_all_seeds_with_its_onset(
    trainings: list[Training], said: str
) -> None:
    assert row(*trainings).verdict == said


def test_below_the_table_stands_what_no_skill_would_have() -> None:
    text = " ".join(comparison(row()).sentences())
    assert "Predicting no label at all would have an accuracy of 0.9481" in text
    assert "the label priors a loss of 0.1708" in text
    assert "at the last epoch; seconds an epoch with its evaluation; all on the split" in text


def test_seeds_are_named_where_there_are_several() -> None:
    said = comparison(of(0.1, 0.2), seeds=(3, 7)).sentences()[0]
    assert "the split of seed 3. Mean ± standard deviation (n - 1) over the seeds 3, 7." in said
    assert "standard deviation" not in comparison(row()).sentences()[0]


def test_seconds_with_the_first_epoch_in_them_are_told_of() -> None:
    short = row(training(n_epochs=2))
    assert "TensorFlow traces the network" in " ".join(comparison(short).sentences())
    assert "traces" not in " ".join(comparison(row(training(n_epochs=3))).sentences())


def test_an_interrupted_comparison_says_how_far_it_came() -> None:
    said = comparison(row(), n_planned=6).sentences()[-1]
    assert said == "Interrupted: 1 of 6 trainings had ended."
    assert "Interrupted" not in " ".join(comparison(row()).sentences())


def test_markdown_is_a_table_in_the_order_given_with_the_sentences_below() -> None:
    told = comparison(row(name="SimpleRNN"), row(diverged(), name="a|b"))
    head, rule, first, second, blank, *below = as_markdown(told).splitlines()
    assert head == "| " + " | ".join(COLUMNS.values()) + " |"
    assert rule.count("---:") == len(COLUMNS) - 2
    assert first == (
        "| SimpleRNN | 175,826 | 0.50 | 0.5000 | 0.5000 | 0.5000 | 0.5000 | 0.5000 | 0.5000 | fit |"
    )
    assert second.startswith("| a\\|b | 175,826 |")
    assert blank == ""
    assert below == told.sentences()


def test_csv_has_every_measure_unrounded_with_its_spread() -> None:
    compared = row(training(0, 0.123456789), training(1, 0.2), diverged(2))
    (line,) = csv.DictReader(io.StringIO(as_csv(comparison(compared))))
    for measure in MEASURES:
        assert float(line[measure]) == pytest.approx(0.1617283945)
        assert float(line[f"{measure}_spread"]) == pytest.approx(np.std([0.123456789, 0.2], ddof=1))
    assert (line["name"], line["parameters"]) == ("LSTM", "175826")
    assert (line["verdict"], line["trainings"], line["diverged"]) == ("2 fit, 1 diverged", "3", "1")


def test_csv_leaves_empty_what_is_undefined() -> None:
    (line,) = csv.DictReader(io.StringIO(as_csv(comparison(row(diverged())))))
    assert {line[measure] for measure in MEASURES} == {""}


def test_json_has_each_training_with_its_curves_and_run() -> None:
    told = comparison(row(training(3, 0.25, verdict="overfit", onset=2), diverged(4)), seeds=(3, 4))
    facts = json.loads(as_json(told))
    assert (facts["corpus"], facts["seeds"], facts["split_seed"]) == ("films", [3, 4], 3)
    assert (facts["trainings_planned"], facts["trainings_ended"]) == (2, 2)
    (compared,) = facts["rows"]
    assert compared["val_loss"] == {"mean": 0.25, "spread": None}
    first, second = compared["trainings"]
    assert (first["seed"], first["onset"], first["run_id"]) == (3, 2, "run-3")
    assert first["epochs"]["val_loss"] == [0.25, 0.25, 0.25]
    assert (second["verdict"], second["val_loss"], second["epochs"]) == ("diverged", None, {})
