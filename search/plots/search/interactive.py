"""Pictures of a search as figures of plotly: interactive, with the trial under the pointer.

Owns how each part of a picture is drawn with plotly. Knows no trial.
"""

import html
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ..colors import BLUE, INK
from .layers import Bars, Dots, Field, Layer, Level, Path
from .looks import SHADES_FROM_INFEASIBLE
from .picture import INFEASIBLE_SHADE, UNUSED, Axis, Bands, Parallel, Picture, Ticks

_DOTS_AN_INCH = 78


def draw_with_plotly(picture: Picture) -> go.Figure:
    """Draw a picture without its title and note; HTML in names is escaped."""
    if picture.parallel:
        return _parallel_figure(picture.parallel)
    n_columns = picture.n_columns
    n_rows = -(-len(picture.panels) // n_columns)
    height = _DOTS_AN_INCH * picture.panel_size[1] * n_rows + 130
    figure = make_subplots(
        rows=n_rows,
        cols=n_columns,
        subplot_titles=[html.escape(panel.title) for panel in picture.panels],
        horizontal_spacing=0.25 / n_columns,
        vertical_spacing=90 / height if n_rows > 1 else 0.0,
    )
    named: set[str] = set()
    for place, panel in enumerate(picture.panels):
        at = {"row": place // n_columns + 1, "col": place % n_columns + 1}
        for layer in panel.layers:
            _add(figure, layer, at, named)
        figure.update_xaxes(_axis(panel.x), **at)
        figure.update_yaxes(_axis(panel.y), **at)
    figure.update_annotations(font_size=11, yshift=12)
    if picture.bands:
        _color_fields(figure, picture.bands)
    _style(figure, height)
    return figure


def _style(figure: go.Figure, height: float) -> None:
    figure.update_layout(
        template="plotly_white",
        height=height,
        font_color=INK,
        margin={"l": 70, "r": 20, "t": 40, "b": 60},
        hovermode="closest",
        legend={"orientation": "h", "yanchor": "top", "y": -80 / height, "itemsizing": "constant"},
    )


def _add(figure: go.Figure, layer: Layer, at: dict[str, int], named: set[str]) -> None:
    """Add one layer to its panel; each label is in the legend once."""
    match layer:
        case Dots(mark, xs, ys, texts):
            trace = _scatter(xs, ys, [*map(_break_lines, texts)], mode="markers", cliponaxis=False)
            trace.marker = {"color": mark.color, "symbol": mark.marker, "size": mark.size * 1.3}
            edge, width = (mark.color, 1.8) if mark.is_line else ("white", 0.5)
            trace.marker.line = {"color": edge, "width": width}
            figure.add_trace(trace.update(_name(mark.label, named)), **at)
        case Path(label, xs, ys, text, color, width):
            trace = _scatter(xs, ys, _break_lines(text), mode="lines")
            shape = "hv" if layer.is_stepped else "linear"
            trace.line = {"color": color, "width": width * 1.2, "shape": shape}
            figure.add_trace(trace.update(_name(label, named)), **at)
        case Level(label, y, color, dash):
            line = {"color": color, "dash": dash, "width": 1.5}
            entry = _name(label, named)
            # Plotly 6 regards a panel whose first layer is a level as empty, and leaves it out.
            figure.add_hline(y, line=line, exclude_empty_subplots=False, **entry, **at)
        case Bars(lengths):
            figure.add_trace(_bars(lengths), **at)
        case Field(x_edges, y_edges, z):
            # Four digits: a picture of six panels would be twice as large with all.
            grid = go.Heatmap(x=x_edges, y=y_edges, z=np.round(z, 4), coloraxis="coloraxis")
            figure.add_trace(grid, **at)


def _scatter(
    xs: Sequence[float], ys: Sequence[float], texts: str | Sequence[str], **settings: Any
) -> go.Scatter:
    """Draw marks or a line, with their texts under the pointer."""
    x, y = np.asarray(xs), np.asarray(ys, dtype=np.float64)
    return go.Scatter(x=x, y=y, hovertext=texts, hoverinfo="text", **settings)


def _name(label: str, named: set[str]) -> dict[str, Any]:
    """Give the entry of the legend for a label, which is shown where it is new."""
    is_new = bool(label) and label not in named
    named.add(label)
    return {"name": html.escape(label), "legendgroup": label, "showlegend": is_new}


def _bars(lengths: Sequence[float]) -> go.Bar:
    return go.Bar(
        x=np.asarray(lengths),
        y=np.arange(len(lengths)),
        orientation="h",
        marker_color=BLUE,
        width=0.6,
        texttemplate="%{x:.2f}",
        textposition="outside",
        cliponaxis=False,
        hoverinfo="x",
        showlegend=False,
    )


def _color_fields(figure: go.Figure, bands: Bands) -> None:
    """Colour all fields in steps instead of a gradient, so that their borders are contours."""
    label, n_bands = html.escape(bands.label), len(bands.colors)
    steps = [[(i + end) / n_bands, color] for i, color in enumerate(bands.colors) for end in (0, 1)]
    bar = {"title": {"text": label}, "outlinewidth": 0}
    axis = {"cmin": bands.edges[0], "cmax": bands.edges[-1], "colorscale": steps, "colorbar": bar}
    figure.update_layout(coloraxis=axis)
    hover = f"{label} %{{z:.4g}}<extra></extra>"
    figure.update_traces(hovertemplate=hover, selector={"type": "heatmap"})


def _axis(axis: Axis) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "title": {"text": html.escape(axis.label), "font": {"size": 13}},
        "gridcolor": "#E3E3E3",
        "zeroline": False,
        "type": "log" if axis.is_log else "linear",
    }
    if axis.ticks:
        # Without them, plotly 6 writes "5" for 0.005 and 5,000 alike on a logarithmic axis.
        settings |= _ticks(axis.ticks)
    elif axis.is_whole:
        settings["tickformat"] = ",d"
    if axis.span is not None:
        settings["range"] = axis.span
    return settings


def _ticks(ticks: Ticks) -> dict[str, Any]:
    places, names = zip(*ticks, strict=True)
    return {"tickvals": places, "ticktext": [*map(html.escape, names)]}


def _parallel_figure(parallel: Parallel) -> go.Figure:
    """Draw with plotly's own parallel axes, which can be moved and can filter trials."""
    line = {"color": parallel.shades, "cmin": INFEASIBLE_SHADE, "cmax": 1.0}
    line["colorscale"] = SHADES_FROM_INFEASIBLE
    dimensions = [
        {
            "label": html.escape(scale.label),
            # Plotly 6 draws a missing number as 0, so unused has a place of its own.
            "values": scale.places,
            "range": [UNUSED, 1.0],
            **_ticks(scale.ticks),
        }
        for scale in parallel.scales
    ]
    figure = go.Figure(go.Parcoords(dimensions=dimensions, line=line, labelangle=-25))
    _style(figure, 560)
    width = max(1000, 95 * len(parallel.scales))
    figure.update_layout(width=width, margin={"l": 70, "r": 150, "t": 130, "b": 30})
    return figure


def _break_lines(text: str) -> str:
    return "<br>".join(map(html.escape, text.split("\n")))
