"""The look that all figures share, and how one becomes a PNG.

Owns colours, sizes and the plain grid. Figures are made from matplotlib's objects alone, without
pyplot: it keeps every figure in a global list, which a worker of many trials would fill.
"""

import warnings
from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

# Distinguishable with any colour blindness: Okabe and Ito, Color Universal Design (2008).
BLUE = "#0072B2"
VERMILION = "#D55E00"
GREEN = "#009E73"
ORANGE = "#E69F00"
PURPLE = "#CC79A7"
GREY = "#6E6E6E"
INK = "#222222"

DOTS_PER_INCH = 150


def new_figure(width: float, height: float, title: str) -> Figure:
    """Return an empty figure with its title, laid out so that no text overlaps another.

    Args:
        width: inches.
        height: inches.
        title: shown as it is: a "$" starts no formula.
    """
    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12)
    figure = Figure(figsize=(width, height), layout=layout, facecolor="white")
    figure.suptitle(title, fontsize=13, fontweight="bold", color=INK, parse_math=False)
    return figure


def dress(axes: Axes, *, title: str, x_label: str, y_label: str) -> None:
    """Give axes their names, a light grid behind the data, and no box around it."""
    axes.set_title(title, fontsize=11, color=INK, loc="left")
    axes.set_xlabel(x_label, color=INK)
    axes.set_ylabel(y_label, color=INK)
    axes.set_axisbelow(True)
    axes.grid(color="#E3E3E3", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color("#9A9A9A")
    axes.tick_params(color="#9A9A9A", labelcolor=INK)


def shortened(text: str, length: int) -> str:
    """Cut a text to so many characters, the last of them "…" where something is missing."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def png(figure: Figure) -> bytes:
    """Render a figure as a PNG file, at 150 dots an inch.

    Characters that the font lacks, as in Chinese label names, are drawn as boxes.
    """
    content = BytesIO()
    FigureCanvasAgg(figure)  # Makes itself the figure's canvas.
    with warnings.catch_warnings():
        # matplotlib 3.11 warns of each such character, in the middle of a running search.
        warnings.filterwarnings(
            "ignore", message="Glyph .* missing from font", category=UserWarning
        )
        figure.savefig(content, format="png", dpi=DOTS_PER_INCH)
    return content.getvalue()
