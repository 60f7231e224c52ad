"""Pictures of a search as figures of matplotlib."""

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import BoundaryNorm, Colormap, LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from ..figures import INK, dress, new_figure, shortened
from .looks import SHADES, SPOILT_COLOR
from .marks import number
from .picture import SPOILT, UNUSED, Axis, Bars, Dots, Field, Level, Panel, Parallel, Path, Picture

LONGEST_NAME = 30
"""Characters of a name along an axis."""
_MOST_LEVEL_CHARACTERS = 24
"""Characters of all choices along an axis from which they are written aslant."""
_MARKERS = {"circle": "o", "x": "x", "star": "*", "diamond-open": "D", "line-ns": "|"}
_DASHES = {"solid": "-", "dash": "--", "dot": ":", "dashdot": "-."}
_SHADES = LinearSegmentedColormap.from_list("shades", SHADES)


def figure_of(picture: Picture | Parallel, *, study: str) -> Figure:
    """Draw a picture under its title, the study's name and its note.

    Returns:
        A figure with one axes a panel, and one more where a ground of colours is explained.
    """
    if isinstance(picture, Parallel):
        return _parallel_figure(picture, study)
    n_rows = -(-len(picture.panels) // picture.n_columns)
    size = picture.panel_width * picture.n_columns, picture.panel_height * n_rows + 1.5
    figure = new_figure(*size, f"{picture.title}\n{study}")
    for place, panel in enumerate(picture.panels):
        axes = figure.add_subplot(n_rows, picture.n_columns, place + 1)
        _draw_panel(axes, panel)
    _explain(figure, picture)
    return figure


def _explain(figure: Figure, picture: Picture) -> None:
    """Put the colours of the ground beside the panels, and legend and note below."""
    fields = [layer for p in picture.panels for layer in p.layers if isinstance(layer, Field)]
    if fields:
        cmap, norm = _colors(fields[0])
        bar = figure.colorbar(ScalarMappable(norm, cmap), ax=figure.axes, shrink=0.8)
        bar.set_label(fields[0].label, color=INK)
        levels = fields[0].levels.tolist()
        bar.set_ticks(levels, labels=[f"{level:.4g}" for level in levels])
        bar.outline.set_visible(False)
    entries: dict[str, Line2D] = {}
    for axes in figure.axes:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            if isinstance(handle, Line2D):
                entries.setdefault(label, handle)
    _write_below(figure, picture.note, [*entries.values()], [*entries])


def _write_below(
    figure: Figure, note: str, handles: Sequence[Line2D], labels: Sequence[str]
) -> None:
    """Put the legend below the panels, the note as its title: two texts there would overlap."""
    width = figure.get_size_inches()[0]
    lines = "\n".join(textwrap.fill(line, int(14 * width)) for line in note.split("\n"))
    legend = figure.legend(
        handles,
        labels,
        loc="outside lower center",
        ncols=max(1, min(len(labels), int(width / 2.4))),
        frameon=False,
        title=lines,
        title_fontsize=9,
    )
    legend.get_title().set_multialignment("center")
    for text in (*legend.get_texts(), legend.get_title()):
        text.set_parse_math(False)


def _draw_panel(axes: Axes, panel: Panel) -> None:
    dress(axes, title="", x_label=panel.x.label, y_label=panel.y.label)
    axes.set_title(panel.title, fontsize=9, color=INK, loc="left", parse_math=False)
    for depth, layer in enumerate(panel.layers):
        match layer:
            case Dots():
                _draw_dots(axes, layer, zorder=3 + depth * 0.01)
            case Path():
                _draw_path(axes, layer, zorder=2.5 + depth * 0.001)
            case Level(label, y, color, dash):
                axes.axhline(y, color=color, linestyle=_DASHES[dash], label=label, zorder=2)
            case Bars():
                _draw_bars(axes, layer)
            case Field():
                _draw_field(axes, layer)
    _set_axis(axes, "x", panel.x)
    _set_axis(axes, "y", panel.y)


def _draw_dots(axes: Axes, layer: Dots, zorder: float) -> None:
    is_open = layer.marker == "diamond-open"
    is_cross = layer.marker in ("x", "line-ns")
    axes.plot(
        layer.xs,
        layer.ys,
        linestyle="",
        marker=_MARKERS[layer.marker],
        markersize=layer.size,
        color=layer.color,
        markerfacecolor="none" if is_open else layer.color,
        markeredgecolor=layer.color if is_open or is_cross else "white",
        markeredgewidth=1.4 if is_open or is_cross else 0.4,
        label=layer.label,
        zorder=zorder,
        clip_on=False,
    )


def _draw_path(axes: Axes, layer: Path, zorder: float) -> None:
    axes.plot(
        layer.xs,
        layer.ys,
        color=layer.color,
        linewidth=layer.width,
        drawstyle="steps-post" if layer.is_stepped else "default",
        label=layer.label,
        zorder=zorder,
    )


def _draw_bars(axes: Axes, layer: Bars) -> None:
    bars = axes.barh(range(len(layer.lengths)), layer.lengths, height=0.6, color=layer.color)
    axes.bar_label(bars, layer.texts, padding=4, fontsize=9, color=INK)
    axes.grid(visible=False, axis="y")


def _draw_field(axes: Axes, layer: Field) -> None:
    axes.grid(visible=False)
    cmap, norm = _colors(layer)
    axes.pcolormesh(layer.x_edges, layer.y_edges, layer.z, cmap=cmap, norm=norm, zorder=1)


def _colors(field: Field) -> tuple[Colormap, BoundaryNorm]:
    cmap = _SHADES.reversed() if field.is_low_deep else _SHADES
    return cmap, BoundaryNorm(field.levels, cmap.N)


def _set_axis(axes: Axes, which: str, axis: Axis) -> None:
    """Give one axis its scale, its marks and its ends."""
    target = axes.xaxis if which == "x" else axes.yaxis
    if axis.is_log:
        axes.set(**{f"{which}scale": "log"})
        target.set_major_locator(FixedLocator(list(axis.marks)))
        target.set_minor_locator(NullLocator())
        target.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    elif axis.choices:
        names = [shortened(name, LONGEST_NAME) for name in axis.choices]
        target.set_ticks(range(len(names)), names, parse_math=False)
        if which == "x" and sum(map(len, names)) > _MOST_LEVEL_CHARACTERS:
            axes.tick_params(axis="x", labelrotation=20, labelsize=8)
    else:
        target.set_major_locator(
            MaxNLocator(6, steps=[1, 2, 2.5, 5, 10], integer=axis.is_whole, min_n_ticks=1)
        )
    if axis.span is not None:
        axes.set(**{f"{which}lim": axis.span})


def _parallel_figure(picture: Parallel, study: str) -> Figure:
    """Draw lines from axis to axis; straight ones, so that a line can be followed by eye."""
    n_scales = len(picture.scales)
    figure = new_figure(max(8.0, 1.25 * n_scales), 6.6, f"{picture.title}\n{study}")
    axes = figure.add_subplot()
    axes.set_axis_off()
    places = np.column_stack([scale.places for scale in picture.scales])
    order = np.argsort(picture.shades, kind="stable")
    lines = [np.column_stack([np.arange(n_scales), row]) for row in places[order]]
    colors = [_shade_color(shade) for shade in picture.shades[order]]
    axes.add_collection(LineCollection(lines, colors=colors, linewidths=1.2, zorder=2))
    for place, scale in enumerate(picture.scales):
        axes.plot([place, place], [0.0, 1.0], color=INK, linewidth=1.0, zorder=3)
        name = shortened(scale.label, LONGEST_NAME)
        axes.text(place, 1.03, name, fontsize=9, color=INK, parse_math=False, rotation=25)
        for height, text in scale.ticks:
            _mark(axes, place, height, text)
    axes.set_xlim(-0.2, n_scales - 0.3)
    axes.set_ylim(UNUSED - 0.03, 1.25)
    handles = [Line2D([], [], color=_shade_color(shade), lw=2) for shade, _ in picture.legend]
    _write_below(figure, picture.note, handles, [label for _, label in picture.legend])
    return figure


def _mark(axes: Axes, place: int, height: float, text: str) -> None:
    axes.plot([place, place + 0.05], [height, height], color=INK, linewidth=0.8, zorder=3)
    name = axes.text(place + 0.07, height, shortened(text, 12), fontsize=7.5, color=INK, zorder=4)
    name.set(parse_math=False, verticalalignment="center")
    name.set_bbox({"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.6})


def _shade_color(shade: float) -> str | tuple[float, float, float, float]:
    return SPOILT_COLOR if shade == SPOILT else _SHADES(shade)
