from dataclasses import replace

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from search.metrics.label_scores import LabelScore
from search.plots.figures import png
from search.plots.labels import per_label_chart


def label(name: str, support: int, f1: float = 0.5) -> LabelScore:
    precision = 0.5 if support else None
    return LabelScore(name, support, 0.5, 0.5, f1, 0.5, 0.5, f1 / 2, precision, 0.4)


def many(n_labels: int) -> list[LabelScore]:
    return [label(f"Genre {rank}", 1000 - rank) for rank in range(n_labels)]


def test_the_most_frequent_label_is_on_top_with_its_number_of_texts() -> None:
    figure = per_label_chart(
        [label("War", 9, 0.2), label("Drama", 1200, 0.7), label("Horror", 80, 0.4)], title="F1"
    )
    (axes,) = figure.axes
    ticks = [text.get_text() for text in axes.get_yticklabels()]
    assert ticks == ["Drama (1,200)", "Horror (80)", "War (9)"]
    bottom, top = axes.get_ylim()
    assert top < 0 < bottom
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert [bar.get_width() for bar in bars] == [0.7, 0.4, 0.2]
    assert [text.get_text() for text in axes.texts] == ["0.70", "0.40", "0.20"]


def test_a_dot_on_each_bar_is_the_f1_at_a_half() -> None:
    figure = per_label_chart([label("War", 9, 0.2), label("Drama", 12, 0.7)], title="F1")
    (dots,) = figure.axes[0].get_lines()
    assert np.array_equal(dots.get_xdata(), [0.35, 0.1])
    assert np.array_equal(dots.get_ydata(), [0, 1])
    (legend,) = figure.legends
    names = {text.get_text() for text in legend.get_texts()}
    assert names == {"at 0.5", "at tuned thresholds"}


def test_a_reader_sees_what_is_measured() -> None:
    figure = per_label_chart(many(3), title="Trial 7: F1 per label")
    (axes,) = figure.axes
    assert figure.get_suptitle() == "Trial 7: F1 per label"
    assert axes.get_xlabel() == "F1 (0 to 1)"
    assert axes.get_ylabel() == "label (texts that have it)"
    assert axes.get_xlim() == (0.0, 1.0)


@pytest.mark.parametrize("n_labels", [1, 20, 60], ids="{} labels".format)
def test_up_to_60_labels_have_a_bar_each(n_labels: int) -> None:
    figure = per_label_chart(many(n_labels), title="F1")
    assert len(figure.axes[0].patches) == n_labels
    assert figure.get_suptitle() == "F1"


def test_above_60_labels_the_title_says_that_the_most_frequent_are_shown() -> None:
    figure = per_label_chart(many(200), title="F1")
    assert len(figure.axes[0].patches) == 60
    assert figure.get_suptitle() == "F1\n(the 60 most frequent of 200 labels)"
    assert figure.axes[0].get_yticklabels()[-1].get_text() == "Genre 59 (941)"


def test_the_figure_grows_with_its_labels() -> None:
    heights = [per_label_chart(many(n), title="F1").get_figheight() for n in (1, 20, 60)]
    assert heights == sorted(set(heights))


def test_a_label_on_no_text_says_so_instead_of_an_f1() -> None:
    figure = per_label_chart([label("Drama", 5), label("War", 0, 0.0)], title="F1")
    assert [text.get_text() for text in figure.axes[0].texts] == ["0.50", "no text has it"]


def test_a_long_name_is_cut_and_dollars_start_no_formula() -> None:
    figure = per_label_chart([label("x" * 41, 2), label("$\\oops$", 1)], title="F1")
    ticks = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert ticks == ["x" * 39 + "… (2)", "$\\oops$ (1)"]
    assert png(figure).startswith(b"\x89PNG")


def test_no_label_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one label"):
        per_label_chart([], title="F1")


def test_a_label_in_a_script_that_the_font_lacks_is_drawn_without_a_warning() -> None:
    scores = [label("\u5267\u60c5", 3)]
    assert png(per_label_chart(scores, title="labels")).startswith(b"\x89PNG")


def test_with_one_choice_there_is_no_dot_and_the_bars_are_of_the_most_probable_label() -> None:
    rows = [label("War", 9, 0.2), label("Drama", 12, 0.7)]
    chosen = [
        replace(row, threshold=None, f1_at_half=None, precision_at_half=None, recall_at_half=None)
        for row in rows
    ]
    figure = per_label_chart(chosen, title="F1")
    assert not figure.axes[0].get_lines()
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["most probable label"]
    assert png(figure).startswith(b"\x89PNG")
