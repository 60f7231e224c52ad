"""Pictures of a search as figures of matplotlib, for PNGs.

Owns how each part of a picture is drawn with matplotlib. Knows no trial.
"""

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap, ListedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, NullLocator

from ..colors import BLUE, INK
from ..figures import add_legend, new_figure, style_axes
from .layers import Bars, Dots, Field, Level, Path
from .looks import SHADES_FROM_INFEASIBLE
from .picture import INFEASIBLE_SHADE, UNUSED, Axis, Bands, Panel, Parallel, Picture

_MOST_LEVEL_CHARACTERS = 24
"""Choices along an axis are written at an angle above this many characters together."""
_MARKERS = {"circle": "o", "x-thin": "x", "star": "*", "diamond-open": "D", "line-ns": "|"}
_DASHES = {"solid": "-", "dash": "--", "dot": ":", "dashdot": "-."}
_SHADES = LinearSegmentedColormap.from_list("shades", SHADES_FROM_INFEASIBLE)
_DEPTH = Normalize(INFEASIBLE_SHADE, 1.0)


def draw_with_matplotlib(picture: Picture, *, study: str) -> Figure:
    """Draw a picture under its title, the study's name and its note.

    Returns:
        A figure with one axes a panel, and one more for the scale of colours of a field.
    """
    title = f"{picture.title}\n{study}"
    if picture.parallel:
        figure = new_figure(max(8.0, 1.25 * len(picture.parallel.scales)), 6.6, title)
        entries = _draw_parallel(figure.add_subplot(), picture.parallel)
    else:
        n_rows = -(-len(picture.panels) // picture.n_columns)
        width, height = picture.panel_size
        figure = new_figure(width * picture.n_columns, height * n_rows + 1.5, title)
        entries = _draw_panels(figure, picture, n_rows)
    _write_below(figure, picture.note, entries)
    return figure


def _write_below(figure: Figure, note: str, entries: Mapping[str, Artist]) -> None:
    """Put the legend below the panels, with the note as its title: two texts would overlap."""
    width = figure.get_size_inches()[0]
    add_legend(
        figure,
        [*entries.values()],
        [*entries],
        loc="outside lower center",
        ncols=max(1, min(len(entries), int(width / 2.4))),
        title="\n".join(textwrap.fill(line, int(14 * width)) for line in note.split("\n")),
        title_fontsize=9,
    )
    figure.legends[0].get_title().set_multialignment("center")


def _draw_panels(figure: Figure, picture: Picture, n_rows: int) -> dict[str, Artist]:
    """Draw all panels, and the scale of colours beside them; give the entries of the legend."""
    entries: dict[str, Artist] = {}
    for place, panel in enumerate(picture.panels):
        axes = figure.add_subplot(n_rows, picture.n_columns, place + 1)
        _draw_panel(axes, panel, picture.bands)
        handles, labels = axes.get_legend_handles_labels()
        entries |= zip(labels, handles, strict=True)
    if picture.bands:
        edges = picture.bands.edges
        colors = ScalarMappable(**_color(picture.bands))
        bar = figure.colorbar(colors, ax=figure.axes, shrink=0.8, ticks=edges, format="{x:.4g}")
        bar.set_label(picture.bands.label, color=INK)
        bar.outline.set_visible(False)
    return entries


def _draw_panel(axes: Axes, panel: Panel, bands: Bands | None) -> None:
    style_axes(axes, x_label=panel.x.label, y_label=panel.y.label)
    axes.set_title(panel.title, fontsize=9, loc="left")
    for depth, layer in enumerate(panel.layers):
        match layer:
            case Dots():
                _draw_dots(axes, layer, zorder=3 + depth * 0.01)
            case Path(label, xs, ys, _, color, width):
                step = "steps-post" if layer.is_stepped else "default"
                zorder = 2.5 + depth * 0.001
                axes.plot(xs, ys, c=color, lw=width, ds=step, label=label, zorder=zorder)
            case Level(label, y, color, dash):
                axes.axhline(y, color=color, linestyle=_DASHES[dash], label=label, zorder=2)
            case Bars(lengths):
                bars = axes.barh(range(len(lengths)), lengths, height=0.6, color=BLUE)
                axes.bar_label(bars, fmt="{:.2f}", padding=4, fontsize=9, color=INK)
                axes.grid(visible=False, axis="y")
            case Field(x_edges, y_edges, z) if bands:
                axes.grid(visible=False)
                axes.pcolormesh(x_edges, y_edges, z, zorder=1, **_color(bands))
    _set_axis(axes, "x", panel.x)
    _set_axis(axes, "y", panel.y)


def _draw_dots(axes: Axes, dots: Dots, zorder: float) -> None:
    mark = dots.mark
    face, edge, width = ("none", mark.color, 1.4) if mark.is_line else (mark.color, "white", 0.4)
    look: dict[str, Any] = {"mfc": face, "mec": edge, "mew": width, "markersize": mark.size}
    form = _MARKERS[mark.marker]
    axes.plot(dots.xs, dots.ys, form, label=mark.label, zorder=zorder, clip_on=False, **look)


def _color(bands: Bands) -> dict[str, Any]:
    n_bands = len(bands.colors)
    return {"cmap": ListedColormap(bands.colors), "norm": BoundaryNorm(bands.edges, n_bands)}


def _set_axis(axes: Axes, which: str, axis: Axis) -> None:
    """Set the scale, the ticks and the ends of one axis."""
    target = axes.xaxis if which == "x" else axes.yaxis
    if axis.is_log:
        axes.set(**{f"{which}scale": "log"})
        target.set_minor_locator(NullLocator())
    if axis.ticks:
        places, names = zip(*axis.ticks, strict=True)
        target.set_ticks(places, names, parse_math=False)
        if which == "x" and not axis.is_log and sum(map(len, names)) > _MOST_LEVEL_CHARACTERS:
            axes.tick_params(axis="x", labelrotation=20, labelsize=8)
    else:
        steps = [1, 2, 2.5, 5, 10]
        locator = MaxNLocator(6, steps=steps, integer=axis.is_whole, min_n_ticks=1)
        target.set_major_locator(locator)
    if axis.span is not None:
        axes.set(**{f"{which}lim": axis.span})


def _draw_parallel(axes: Axes, parallel: Parallel) -> dict[str, Artist]:
    """Draw straight lines from axis to axis, which the eye can follow; give the legend."""
    axes.set_axis_off()
    n_scales = len(parallel.scales)
    places = np.column_stack([scale.places for scale in parallel.scales])
    order = np.argsort(parallel.shades, kind="stable")
    lines = [np.column_stack([np.arange(n_scales), row]) for row in places[order]]
    colors = _SHADES(_DEPTH(parallel.shades[order]))
    axes.add_collection(LineCollection(lines, colors=colors, linewidths=1.2, zorder=2))
    for place, scale in enumerate(parallel.scales):
        axes.plot([place, place], [0.0, 1.0], color=INK, linewidth=1.0, zorder=3)
        axes.text(place, 1.03, scale.label, fontsize=9, color=INK, parse_math=False, rotation=25)
        for height, text in scale.ticks:
            _mark(axes, place, height, text)
    axes.set(xlim=(-0.2, n_scales - 0.3), ylim=(UNUSED - 0.03, 1.25))
    return {
        label: Line2D([], [], color=_SHADES(_DEPTH(shade)), lw=2)
        for shade, label in parallel.legend
    }


def _mark(axes: Axes, place: int, height: float, text: str) -> None:
    axes.plot([place, place + 0.05], [height, height], color=INK, linewidth=0.8, zorder=3)
    name = axes.text(place + 0.07, height, text, fontsize=7.5, color=INK, zorder=4)
    name.set(parse_math=False, verticalalignment="center")
    name.set_bbox({"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.6})
