"""Studies that are there, read back. Owns the way from the database to a summary."""

from collections.abc import Sequence

from ..errors import StudyError
from ..report.summary import Summary
from ..store.stored_study import StoredStudy
from ..store.study_store import StudyStore
from ..trial.fingerprint import Fingerprint
from ..trial.state import TrialState
from ..trial.trial import Trial
from .places import Places


def read_summary(places: Places, name: str | None) -> Summary:
    """Read a study: the one named, or the one searched last.

    Raises:
        StudyError: there is no such study.
    """
    store = places.open_store(must_exist=True)
    stored = store.find(name)
    return Summary(stored, store.trials(stored.name))


def read_comparable(places: Places, names: Sequence[str]) -> list[Summary]:
    """Read studies whose trials may stand in one leaderboard, in this order, each once.

    Args:
        places: where the stores are.
        names: at least one; "latest" is the one searched last.

    Raises:
        StudyError: one of them is not there, or values of one mean something else than those of
            the first; with what differs.
    """
    store = places.open_store(must_exist=True)
    studies = {stored.name: stored for stored in map(store.find, names)}
    first, *others = studies.values()
    for other in others:
        first.settings.fingerprint.check_comparable(
            other.settings.fingerprint, (first.name, other.name)
        )
    return [Summary(stored, store.trials(name)) for name, stored in studies.items()]


def find_known(
    store: StudyStore, name: str, fingerprint: Fingerprint, *, start_from: str | None
) -> StoredStudy | None:
    """Find a study; None where it is not there yet.

    Raises:
        StudyError: it was begun with other settings or from another study, or the one to start
            from is not there.
    """
    if start_from == name:
        raise StudyError(
            f"expected another study than {name} itself",
            "Name one of those that `genre-search study list` prints.",
            parameter="start_from",
        )
    if start_from is not None:
        store.find(start_from)
    known = store.read(name)
    if known is None:
        return None
    fingerprint.check(known.settings.fingerprint, name)
    before = known.settings.begun_from
    if start_from not in (None, before):
        raise StudyError(
            f"study {name}: expected a new study to start from {start_from}, but it already "
            f"exists and was {f'started from {before}' if before else 'not started from a study'}",
            "Name a new one with `name`.",
        )
    return known


def find_trial(summary: Summary, number: int | None) -> Trial:
    """Find the complete trial of a number; without one the winner.

    The winner is as `Summary.best` gives it: a confirmed one with the middle of its fresh seeds.

    Raises:
        StudyError: there is no such trial, it was not trained here to its end, or none is complete.
    """
    winner = summary.best
    if winner is None and number is None:
        raise StudyError(
            f"study {summary.study}: expected a complete trial, found none",
            "Run the search again to go on with it.",
        )
    if winner is not None and number in (None, winner.number):
        return winner
    trial = next((trial for trial in summary.trials if trial.number == number), None)
    if trial is None or trial.state is not TrialState.COMPLETE or trial.is_reused:
        found = "none of that number" if trial is None else f"one that is {trial.state.value}"
        if trial is not None and trial.is_reused:
            found = "one that was not trained, since an equal one had been before"
        raise StudyError(
            f"study {summary.study}: expected a complete trial {number}, found {found}",
            f"`genre-search trials --study {summary.study}` lists its trials.",
        )
    return trial
