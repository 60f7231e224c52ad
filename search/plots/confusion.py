"""Which labels are taken for which, with one choice. Knows no measure: it draws counts."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from ..metrics.matrices import Counts
from .figures import new_figure, shorten, style_axes

MOST_LABELS = 40
"""More rows fit on no screen; the table has all labels."""
_MOST_NUMBERS = 15
"""Labels up to which each cell shows its number."""
_LONGEST_NAME = 24


def confusion_chart(counts: Counts, label_names: Sequence[str], *, title: str) -> Figure:
    """Draw how often each label was predicted for the texts of each.

    The shade of a cell is its share of the row. Above 40 labels the 40 with most texts are shown,
    and the title says so.

    Args:
        counts: texts of label i for which label j was predicted, int64, (L, L).
        label_names: one for each row.
        title: shown above.
    """
    shown = np.argsort(-counts.sum(axis=1), kind="stable")[:MOST_LABELS]
    if shown.size < len(label_names):
        title += f"\n(the {shown.size} most frequent of {len(label_names)} labels)"
    cells = counts[np.ix_(shown, shown)]
    shares = cells / np.maximum(counts[shown].sum(axis=1, keepdims=True), 1)
    size = max(4.5, 2.5 + 0.28 * shown.size)
    figure = new_figure(size + 1.5, size, title)
    axes = figure.subplots()
    style_axes(axes, x_label="predicted", y_label="true")
    axes.grid(visible=False)
    image = axes.imshow(shares, cmap="Blues", vmin=0.0, vmax=1.0)
    names = [shorten(label_names[label], _LONGEST_NAME) for label in shown]
    axes.set_xticks(range(shown.size), names, rotation=90, parse_math=False)
    axes.set_yticks(range(shown.size), names, parse_math=False)
    if shown.size <= _MOST_NUMBERS:
        for (row, column), count in np.ndenumerate(cells):
            color = "white" if shares[row, column] > 0.5 else "black"
            axes.text(column, row, f"{count:,}", ha="center", va="center", color=color, fontsize=9)
    figure.colorbar(image, ax=axes, label="share of the texts of the true label", shrink=0.8)
    return figure
