"""All pictures of a search as files.

Drawn from our own description and not by Optuna's visualisation (5.0): there a hyperparameter that
is inactive in a trial drops the trial or is not shown, trials that were given up are left out, a
contour has a panel for each of 78 pairs, names overlap from about eight on, its PNGs need a
browser, and its figures of matplotlib pass through pyplot's global list.
"""

from collections.abc import Callable

from ..figures import png
from .contour import contour
from .front import front
from .history import epochs, history
from .hyperparameters import importance, slices
from .page import page_of
from .parallel import parallel
from .picture import Parallel, Picture
from .raster import figure_of
from .trials import Search

FOLDER = "search"
"""Where the artifacts are."""

_DRAWERS: tuple[Callable[[Search], Picture | Parallel | None], ...] = (
    history,
    front,
    importance,
    slices,
    parallel,
    contour,
    epochs,
)


def pictures_of(search: Search) -> list[Picture | Parallel]:
    """Say each picture that can be drawn yet, in the order in which they are read."""
    return [picture for draw in _DRAWERS if (picture := draw(search)) is not None]


def search_pictures(search: Search) -> dict[str, bytes]:
    """Draw a search: a PNG a picture, and one page with all of them to be explored.

    What cannot be drawn yet is left out: with one trial there is a history and no contour.

    Returns:
        Contents by the artifact's path, such as "search/history.png" and "search/search.html"
        (5 MB, of which plotly.js has 4.9); empty before a trial has a value.
    """
    pictures = pictures_of(search)
    if not pictures:
        return {}
    files = {
        f"{FOLDER}/{picture.name}.png": png(figure_of(picture, study=search.title))
        for picture in pictures
    }
    files[f"{FOLDER}/search.html"] = page_of(pictures, study=search.title).encode()
    return files
