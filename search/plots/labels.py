"""How well each label is predicted: a bar a label, most frequent first.

Owns how one to hundreds of labels stay readable. Knows no threshold and no measure: it draws the
scores it is given.
"""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..metrics.label_scores import LabelScore
from .colors import BLUE, INK, VERMILION
from .figures import add_legend, new_figure, shorten, style_axes

MOST_BARS = 60
"""More bars fit on no screen and no slide; the table has all labels."""
LONGEST_NAME = 40
"""Characters of a label's name that are shown."""


def per_label_chart(label_scores: Sequence[LabelScore], *, title: str) -> Figure:
    """Draw the F1 of each label as a bar, with the number of texts that have the label.

    A dot on the bar is the F1 with a threshold of 0.5, unless there is one choice. The most
    frequent label comes first; equally frequent ones keep their order. Above 60 labels the 60 most
    frequent are shown, and the title says so.

    Args:
        label_scores: in any order.
        title: shown above.

    Returns:
        A figure with one axes, as tall as its bars need.

    Raises:
        ValueError: there is no label.
    """
    if not label_scores:
        raise ValueError("there must be at least one label")
    shown = sorted(label_scores, key=lambda score: -score.support)[:MOST_BARS]
    if len(shown) < len(label_scores):
        title += f"\n(the {len(shown)} most frequent of {len(label_scores)} labels)"
    figure = new_figure(9.0, max(3.2, 1.6 + 0.28 * len(shown)), title)
    axes = figure.subplots()
    style_axes(axes, x_label="F1 (0 to 1)", y_label="label (texts that have it)")
    axes.grid(visible=False, axis="y")
    _draw_bars(axes, shown)
    add_legend(figure, loc="outside lower center", ncols=2)
    return figure


def _draw_bars(axes: Axes, shown: Sequence[LabelScore]) -> None:
    """Draw the bars, the first one on top, each with its F1 at its end."""
    places = range(len(shown))
    lengths = [score.f1 for score in shown]
    how = "most probable label" if shown[0].threshold is None else "at tuned thresholds"
    bars = axes.barh(places, lengths, height=0.7, color=BLUE, label=how)
    halves = [score.f1_at_half for score in shown if score.f1_at_half is not None]
    if halves:
        axes.plot(halves, places, "o", color=VERMILION, mec="white", label="at 0.5", clip_on=False)
    ends = [f"{score.f1:.2f}" if score.support else "no text has it" for score in shown]
    axes.bar_label(bars, ends, padding=4, fontsize=9, color=INK)
    names = [f"{shorten(score.name, LONGEST_NAME)} ({score.support:,})" for score in shown]
    axes.set_yticks(places, names, parse_math=False)
    axes.tick_params(axis="y", length=0)
    margin = max(0.6, (5 - len(shown)) / 2)
    axes.set(xlim=(0.0, 1.0), ylim=(len(shown) - 1 + margin, -margin))
