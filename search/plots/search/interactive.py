"""Pictures of a search as figures of plotly, to be pointed at and enlarged."""

import html
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ..figures import INK, shortened
from .looks import SHADES, SPOILT_COLOR
from .marks import number
from .picture import SPOILT, UNUSED, Axis, Bars, Dots, Field, Layer, Level, Parallel, Path, Picture

LONGEST_NAME = 30
"""Characters of a name along an axis."""
_DOTS_AN_INCH = 78
_GRID = "#E3E3E3"
_SPOILT_END = 0.1
"""Part of the colours of parallel lines that is kept for trials that cannot win."""


def figure_of(picture: Picture | Parallel) -> go.Figure:
    """Draw a picture without title and note; names are shown as they are, no HTML in them."""
    if isinstance(picture, Parallel):
        return _parallel_figure(picture)
    n_columns = picture.n_columns
    n_rows = -(-len(picture.panels) // n_columns)
    height = _DOTS_AN_INCH * picture.panel_height * n_rows + 130
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
    figure.update_annotations(font={"size": 11}, yshift=12)
    _dress(figure, height)
    return figure


def _dress(figure: go.Figure, height: float) -> None:
    figure.update_layout(
        template="plotly_white",
        height=height,
        font={"color": INK},
        margin={"l": 70, "r": 20, "t": 40, "b": 60},
        hovermode="closest",
        legend={"orientation": "h", "yanchor": "top", "y": -80 / height, "itemsizing": "constant"},
    )


def _add(figure: go.Figure, layer: Layer, at: dict[str, int], named: set[str]) -> None:
    """Add one layer to its panel; what is named stands in the legend once."""
    label = getattr(layer, "label", "")
    is_new = bool(label) and label not in named
    named.add(label)
    entry = {"name": html.escape(label), "legendgroup": label, "showlegend": is_new}
    match layer:
        case Dots():
            figure.add_trace(_dots(layer, entry), **at)
        case Path():
            figure.add_trace(_path(layer, entry), **at)
        case Level(y=y, color=color, dash=dash):
            line = {"color": color, "dash": dash, "width": 1.5}
            # A level is the first layer: plotly 6 takes its panel for empty and leaves it out.
            figure.add_hline(y, line=line, exclude_empty_subplots=False, **entry, **at)
        case Bars():
            figure.add_trace(_bars(layer), **at)
        case Field():
            figure.add_trace(_field(layer), **at)
            figure.update_layout(coloraxis=_bands(layer))


def _dots(layer: Dots, entry: dict[str, Any]) -> go.Scatter:
    is_line = layer.marker in ("line-ns", "x", "diamond-open")
    marker = "x-thin" if layer.marker == "x" else layer.marker
    outline = {"color": layer.color, "width": 1.8} if is_line else {"color": "white", "width": 0.5}
    return go.Scatter(
        x=np.asarray(layer.xs),
        y=np.asarray(layer.ys),
        mode="markers",
        marker={
            "color": layer.color,
            "symbol": marker,
            "size": layer.size * 1.3,
            "line": outline,
        },
        hovertext=[_lines(text) for text in layer.texts],
        hoverinfo="text",
        cliponaxis=False,
        **entry,
    )


def _path(layer: Path, entry: dict[str, Any]) -> go.Scatter:
    return go.Scatter(
        x=np.asarray(layer.xs),
        y=np.asarray(layer.ys, dtype=float),
        mode="lines",
        line={
            "color": layer.color,
            "width": layer.width * 1.2,
            "shape": "hv" if layer.is_stepped else "linear",
        },
        hovertext=_lines(layer.text),
        hoverinfo="text",
        **entry,
    )


def _bars(layer: Bars) -> go.Bar:
    return go.Bar(
        x=np.asarray(layer.lengths),
        y=np.arange(len(layer.lengths)),
        orientation="h",
        marker={"color": layer.color},
        width=0.6,
        text=list(layer.texts),
        textposition="outside",
        cliponaxis=False,
        hoverinfo="x",
        showlegend=False,
    )


def _field(layer: Field) -> go.Heatmap:
    return go.Heatmap(
        x=layer.x_edges,
        y=layer.y_edges,
        # Four digits: a picture of six panels would be twice as large with all.
        z=np.round(layer.z, 4),
        coloraxis="coloraxis",
        hovertemplate=f"{html.escape(layer.label)} %{{z:.4g}}<extra></extra>",
    )


def _bands(layer: Field) -> dict[str, Any]:
    """Give steps of colour instead of a flow, so that their borders are contours."""
    n_bands = len(layer.levels) - 1
    shades = _sampled(n_bands)
    shades = shades[::-1] if layer.is_low_deep else shades
    steps = [[(i + end) / n_bands, shades[i]] for i in range(n_bands) for end in (0, 1)]
    return {
        "cmin": layer.levels[0],
        "cmax": layer.levels[-1],
        "colorscale": steps,
        "colorbar": {"title": {"text": html.escape(layer.label)}, "outlinewidth": 0},
    }


def _sampled(n: int) -> list[str]:
    """Take colours evenly from pale to deep."""
    ends = np.linspace(0, len(SHADES) - 1, n)
    channels = np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in SHADES])
    mixed = [np.interp(ends, range(len(SHADES)), channels[:, channel]) for channel in range(3)]
    return [f"rgb({r:.0f},{g:.0f},{b:.0f})" for r, g, b in zip(*mixed, strict=True)]


def _axis(axis: Axis) -> dict[str, Any]:
    said: dict[str, Any] = {
        "title": {"text": html.escape(axis.label), "font": {"size": 13}},
        "gridcolor": _GRID,
        "zeroline": False,
        "automargin": True,
    }
    if axis.is_log:
        # By itself plotly 6 writes "5" for 0.005 and 5,000 alike.
        said |= {"type": "log", "tickvals": axis.marks, "ticktext": [*map(number, axis.marks)]}
    elif axis.choices:
        names = [html.escape(shortened(name, LONGEST_NAME)) for name in axis.choices]
        said |= {"tickvals": list(range(len(names))), "ticktext": names}
    elif axis.is_whole:
        said |= {"tickformat": ",d"}
    if axis.span is not None:
        said["range"] = list(axis.span)
    return said


def _parallel_figure(picture: Parallel) -> go.Figure:
    """Draw with plotly's own parallel axes: they can be dragged apart, and choose trials."""
    shades = np.where(picture.shades == SPOILT, -1.0, picture.shades)
    scale = [[0.0, SPOILT_COLOR], [_SPOILT_END, SPOILT_COLOR]]
    kept = [_SPOILT_END + (1 - _SPOILT_END) * i / (len(SHADES) - 1) for i in range(len(SHADES))]
    scale += [list(step) for step in zip(kept, SHADES, strict=True)]
    lowest = -_SPOILT_END / (1 - _SPOILT_END)
    figure = go.Figure(
        go.Parcoords(
            dimensions=[
                {
                    "label": html.escape(shortened(entry.label, LONGEST_NAME)),
                    # Plotly 6 draws a missing number as 0, so an unused one has a place.
                    "values": entry.places,
                    "range": [UNUSED, 1.0],
                    "tickvals": [place for place, _ in entry.ticks],
                    "ticktext": [html.escape(shortened(name, 12)) for _, name in entry.ticks],
                }
                for entry in picture.scales
            ],
            line={
                "color": np.maximum(shades, lowest),
                "colorscale": scale,
                "cmin": lowest,
                "cmax": 1.0,
            },
            labelangle=-25,
        )
    )
    width = max(1000, 95 * len(picture.scales))
    _dress(figure, 560)
    figure.update_layout(width=width, margin={"l": 70, "r": 150, "t": 130, "b": 30})
    return figure


def _lines(text: str) -> str:
    return "<br>".join(map(html.escape, text.split("\n")))
