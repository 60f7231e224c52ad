"""Pictures of a search as one page: all of them, and the script that draws them, in one file.

One file and not one each: every standalone page would bring the same 4.9 MB of plotly.js, and
MLflow shows an artifact alone, so that a page cannot load a script from the file beside it.
"""

import html
from collections.abc import Sequence

from plotly.io import to_html
from plotly.offline import get_plotlyjs

from .interactive import figure_of
from .picture import Parallel, Picture

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #222; max-width: 1280px; margin: 1.5rem auto;
  padding: 0 1rem; }
nav a { margin-right: 1.2rem; } h1 { font-size: 1.4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .2rem; } p { margin: .2rem 0 .4rem; color: #444; }
.wide { overflow-x: auto; }
"""


def page_of(pictures: Sequence[Picture | Parallel], *, study: str) -> str:
    """Write a page with all pictures, whole in itself: it loads nothing from anywhere."""
    links = "".join(f'<a href="#{p.name}">{html.escape(p.title)}</a>' for p in pictures)
    sections = "".join(map(_section, pictures))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(study)}'
        f"</title><style>{_STYLE}</style><script>{get_plotlyjs()}</script></head><body>"
        f"<h1>{html.escape(study)}</h1><nav>{links}</nav>"
        "<p>Rest the pointer on a mark for its trial; drag to enlarge, double click to return; "
        f"click an entry of a legend to hide it.</p>{sections}</body></html>"
    )


def _section(picture: Picture | Parallel) -> str:
    note = picture.note
    if isinstance(picture, Parallel):
        note += " Drag along an axis to keep only the trials that cross it there."
    drawing = to_html(
        figure_of(picture),
        full_html=False,
        include_plotlyjs=False,
        div_id=f"{picture.name}_drawing",
        config={"responsive": True, "displaylogo": False},
    )
    return (
        f'<section id="{picture.name}"><h2>{html.escape(picture.title)}</h2>'
        f'<p>{html.escape(note)}</p><div class="wide">{drawing}</div></section>'
    )
