"""Run a study from its request to its summary."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from ..engines.store import MissingStoreError
from ..errors import StudyError, TrackingError
from ..report.summary import Summary
from ..study.ending import Ending
from ..study.events import Event
from ..study.standing import n_done
from .opening import opened
from .places import Places
from .prepared import prepare
from .request import SearchRequest
from .stages import run_stages


@dataclass(frozen=True, slots=True)
class SearchReport:
    """What a search came to."""

    summary: Summary
    ending: Ending
    is_idle: bool
    """Whether all was done before, and nothing was run this time."""
    experiment_id: str
    study_run_id: str
    tracking_uri: str


def search(
    request: SearchRequest,
    listen: Callable[[Event], None],
    say: Callable[[str], None],
    is_interrupted: Callable[[], bool],
) -> SearchReport:
    """Run a study, or go on with the one that the same request began.

    Args:
        request: what to search, and for how long; its time begins here, with the reading of data.
        listen: called with each event while trials run.
        say: called with each sentence that the user should read.
        is_interrupted: asked before each batch whether the user wants to stop.

    Raises:
        DataError, SpaceError: the corpus or the space cannot be used; nothing was written.
        StudyError: the study is another one than was asked for, or its trials fail.
        TrackingError: MLflow does not answer.
    """
    is_time_over = _clock(request.budget.timeout_seconds)
    prepared = prepare(request, say)
    with opened(prepared, say) as study:
        n_before, results_before = n_done(study.engine.records()), study.results
        run = study.tracker.study
        run.tags({"ended": "not yet"})
        try:
            ending = run_stages(
                study, listen, say, is_time_over=is_time_over, is_interrupted=is_interrupted
            )
        except BaseException as error:
            with suppress(TrackingError):
                run.tags(
                    {"ended": "interrupted" if isinstance(error, KeyboardInterrupt) else "error"}
                )
            raise
        run.tags({"ended": ending.value})
    summary = study.summary()
    is_idle = n_done(summary.records) == n_before and study.results == results_before
    run_id = study.tracker.study.run_id
    experiment_id = study.server.experiment_of(run_id) or ""
    return SearchReport(summary, ending, is_idle, experiment_id, run_id, study.server.uri)


def _clock(timeout_seconds: float | None) -> Callable[[], bool]:
    """Begin to count; the answer tells from then on whether the time is over."""
    started = time.monotonic()
    return lambda: timeout_seconds is not None and time.monotonic() >= started + timeout_seconds


def create(request: SearchRequest, say: Callable[[str], None]) -> str:
    """Make a study without running a trial; give its name.

    Raises:
        DataError, SpaceError: the corpus or the space cannot be used; nothing was written.
        StudyError: there is one of that name already, or the one to begin from is not there.
        TrackingError: MLflow does not answer.
    """
    prepared = prepare(request, say)
    if _is_there(request.places, prepared.name):
        raise StudyError(
            f"study {prepared.name}: expected a name that is free, found that study there already",
            "`genre-search search` with the same options goes on with it; name another with "
            "--study, or with --fork.",
        )
    with opened(prepared, say):
        return prepared.name


def _is_there(places: Places, name: str) -> bool:
    try:
        return places.open_store(must_exist=True).exists(name)
    except MissingStoreError:
        return False
