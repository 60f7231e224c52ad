"""All pictures of a search on one page, in one file with the script that draws them.

There is one file and not one for each picture: every page would contain the same 4.9 MB of
plotly.js, and MLflow shows an artifact alone, so that a page cannot load a script beside it.
"""

import html
from collections.abc import Sequence

from plotly.io import to_html
from plotly.offline import get_plotlyjs

from .interactive import draw_with_plotly
from .picture import Picture

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #222; max-width: 1280px; margin: 1.5rem auto;
  padding: 0 1rem; }
nav a { margin-right: 1.2rem; } h1 { font-size: 1.4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .2rem; } p { margin: .2rem 0 .4rem; color: #444; }
.wide { overflow-x: auto; }
"""


def write_page(pictures: Sequence[Picture], *, study: str) -> str:
    """Write a page with all pictures; it loads nothing from elsewhere."""
    links = "".join(f'<a href="#{p.name}">{html.escape(p.title)}</a>' for p in pictures)
    sections = "".join(map(_section, pictures))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(study)}'
        f"</title><style>{_STYLE}</style><script>{get_plotlyjs()}</script></head><body>"
        f"<h1>{html.escape(study)}</h1><nav>{links}</nav>"
        "<p>Point at a mark to see its trial. Drag to zoom in, double-click to zoom out. "
        f"Click an entry of a legend to hide it.</p>{sections}</body></html>"
    )


def _section(picture: Picture) -> str:
    note = picture.note
    if picture.parallel:
        note += " Drag along an axis to show only the trials that cross it there."
    drawing = to_html(
        draw_with_plotly(picture),
        full_html=False,
        include_plotlyjs=False,
        div_id=f"{picture.name}_drawing",
        config={"responsive": True, "displaylogo": False},
    )
    return (
        f'<section id="{picture.name}"><h2>{html.escape(picture.title)}</h2>'
        f'<p>{html.escape(note)}</p><div class="wide">{drawing}</div></section>'
    )
