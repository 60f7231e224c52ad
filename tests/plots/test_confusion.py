import numpy as np
import pytest
from matplotlib.axes import Axes

from search.metrics.matrices import Counts
from search.plots.confusion import MOST_LABELS, confusion_chart
from search.plots.figures import png

COUNTS = np.array([[3, 1, 0], [2, 8, 0], [0, 0, 0]])


def draw(counts: Counts = COUNTS, names: tuple[str, ...] = ("War", "Drama", "Farce")) -> Axes:
    return confusion_chart(counts, names, title="trial 3").axes[0]


def list_texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_rows_are_true_labels_with_the_most_frequent_on_top() -> None:
    axes = draw()
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["Drama", "War", "Farce"]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["Drama", "War", "Farce"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted", "true")


def test_the_shade_is_the_share_of_the_row_and_a_row_without_texts_is_white() -> None:
    (image,) = draw().get_images()
    shares = np.array(image.get_array())
    assert shares.tolist() == [
        pytest.approx([0.8, 0.2, 0.0]),
        pytest.approx([0.25, 0.75, 0.0]),
        [0, 0, 0],
    ]
    assert image.get_clim() == (0.0, 1.0)


def test_each_cell_of_a_small_chart_shows_its_number() -> None:
    # By rows, as they are drawn.
    assert list_texts(draw()) == ["8", "2", "0", "1", "3", "0", "0", "0", "0"]
    assert "1,200" in list_texts(draw(COUNTS * 400))


def make(n_labels: int) -> tuple[Counts, tuple[str, ...]]:
    counts = np.eye(n_labels, dtype=np.int64) * np.arange(1, n_labels + 1)[:, None]
    return counts, tuple(f"label {i}" for i in range(n_labels))


def test_many_labels_show_shades_alone_and_the_most_frequent_of_very_many() -> None:
    assert list_texts(draw(*make(16))) == []
    counts, names = make(100)
    figure = confusion_chart(counts, names, title="trial 3")
    (image,) = figure.axes[0].get_images()
    assert np.array(image.get_array()).shape == (MOST_LABELS, MOST_LABELS)
    ticks = [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
    assert (ticks[0], ticks[-1]) == ("label 99", "label 60")
    assert "40 most frequent of 100 labels" in figure.get_suptitle()


def test_a_row_of_which_most_is_not_shown_keeps_its_shares() -> None:
    counts, names = make(41)
    # The least frequent label is left out; half of the texts of the last are taken for it.
    counts[40, 0] = 41
    (image,) = draw(counts, names).get_images()
    assert np.array(image.get_array())[0, 0] == pytest.approx(0.5)


def test_names_with_signs_of_mathematics_and_long_ones_are_drawn() -> None:
    names = ("$x_1$ and $", "long " * 30, "a\\b")
    assert png(confusion_chart(COUNTS, names, title="trial 3")).startswith(b"\x89PNG")


def test_one_label_alone_is_drawn() -> None:
    assert list_texts(draw(np.array([[7]]), ("War",))) == ["7"]
