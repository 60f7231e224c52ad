"""The look that all figures share, and how one becomes a PNG.

Owns sizes, texts and the plain grid. Figures are made from matplotlib's objects alone, without
pyplot, which keeps every figure in a global list that a worker would fill over many trials.
"""

import warnings
from io import BytesIO
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from .colors import INK

DOTS_PER_INCH = 150


def new_figure(width: float, height: float, title: str) -> Figure:
    """Make an empty figure with its title, laid out so that no two texts overlap.

    Args:
        width: inches.
        height: inches.
        title: shown as it is: a "$" starts no formula.
    """
    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12)
    figure = Figure(figsize=(width, height), layout=layout, facecolor="white")
    figure.suptitle(title, fontsize=13, fontweight="bold", color=INK, parse_math=False)
    return figure


def style_axes(axes: Axes, *, title: str = "", x_label: str = "", y_label: str = "") -> None:
    """Label axes, draw a light grid behind the data, and remove the box around it."""
    axes.set_title(title, fontsize=11, color=INK, loc="left", parse_math=False)
    axes.set_xlabel(x_label, color=INK)
    axes.set_ylabel(y_label, color=INK)
    axes.set_axisbelow(True)
    axes.grid(color="#E3E3E3", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color("#9A9A9A")
    axes.tick_params(color="#9A9A9A", labelcolor=INK)


def add_legend(owner: Axes | Figure, *entries: Any, **settings: Any) -> None:
    """Add a legend without a frame whose texts are shown as they are: a "$" starts no formula.

    Args:
        owner: the axes or the figure that the legend belongs to.
        entries: handles and their labels; without them, what `owner` has.
        settings: more that matplotlib's `legend` takes, such as `loc` and `ncols`.
    """
    legend = owner.legend(*entries, frameon=False, **settings)
    for text in (*legend.get_texts(), legend.get_title()):
        text.set_parse_math(False)


def shorten(text: str, length: int) -> str:
    """Cut a text to at most `length` characters; "…" is the last one where something is missing."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def png(figure: Figure) -> bytes:
    """Render a figure as a PNG file, at 150 dots an inch.

    Characters that the font lacks, as in Chinese label names, are drawn as boxes.
    """
    content = BytesIO()
    FigureCanvasAgg(figure)  # Makes itself the figure's canvas.
    with warnings.catch_warnings():
        # matplotlib 3.11 warns of each such character, in the middle of a running search.
        warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
        figure.savefig(content, format="png", dpi=DOTS_PER_INCH)
    return content.getvalue()
