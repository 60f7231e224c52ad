"""All pictures of a search as files.

Owns which pictures there are, their order and their paths. They are drawn from our own description
and not by `optuna.visualization`, for these reasons, measured with Optuna 5.0.0, plotly 6.9 and
matplotlib 3.11 on two cores:

- Pruned trials are missing from its history, slices, parallel coordinates and contours: of 30
  trials, 10 of them pruned, it draws 20.
- Its contour leaves out every trial in which a hyperparameter is inactive, and has a panel for each
  ordered pair: 30 for six hyperparameters, 156 for the 13 of the space genre.
- A PNG needs Kaleido and with it a browser. Its functions for matplotlib use pyplot, which keeps
  each figure in a global list.
- It draws every trial. 10,000 trials of the space genre take 20 s for parallel coordinates (5.7 MB
  of JSON), 14 s for the epochs, 7 s for the history. Ours take 4, 3 and 1 s, PNG and interactive
  page (0.1 to 0.2 MB) together, because they draw at most 1,000 trials.
- It knows no baselines, good starts or reach of chance.

Parallel coordinates with inactive hyperparameters, new in Optuna 5, do not change this.
"""

from collections.abc import Callable

from ..figures import png
from .contour import plot_contour
from .front import plot_front
from .history import plot_epochs, plot_history
from .hyperparameters import plot_importances, plot_slices
from .page import write_page
from .parallel import plot_parallel
from .picture import Picture
from .raster import draw_with_matplotlib
from .search import Search

_PLOTS: tuple[Callable[[Search], Picture | None], ...] = (
    plot_history,
    plot_front,
    plot_importances,
    plot_slices,
    plot_parallel,
    plot_contour,
    plot_epochs,
)


def list_pictures(search: Search) -> list[Picture]:
    """List the pictures that can be drawn yet, in the order in which they are read."""
    return [picture for plot in _PLOTS if (picture := plot(search)) is not None]


def draw_pictures(search: Search) -> dict[str, bytes]:
    """Draw a search: a PNG for each picture, and one interactive page with all of them.

    What cannot be drawn yet is left out: with one trial there is a history but no contour.

    Returns:
        Contents by the artifact's path, such as "search/history.png" and "search/search.html"
        (5 MB, of which plotly.js has 4.9); empty before a trial has a value.
    """
    pictures = list_pictures(search)
    if not pictures:
        return {}
    files = {
        f"search/{picture.name}.png": png(draw_with_matplotlib(picture, study=search.title))
        for picture in pictures
    }
    files["search/search.html"] = write_page(pictures, study=search.title).encode()
    return files
