"""Studies that are there, read back. Owns the way from the store to a summary; loads no MLflow."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..engines.database import guarded
from ..engines.records import Records
from ..engines.store import BASELINES, CONFIRMATIONS, REACH, StudyFacts, StudyStore
from ..engines.trials import TrialRecord, TrialState
from ..errors import StudyError
from ..report.baseline import BaselineRecord
from ..report.learning_curves import LearningCurves
from ..report.summary import Summary
from ..study.confirmation import Confirmation
from ..study.objectives import Objectives
from ..study.settings import Fingerprint
from .places import Places


def read_study(places: Places, name: str | None) -> Summary:
    """Read a study: the one named, or the one searched last.

    Raises:
        StudyError: there is no such study.
    """
    store = places.open_store(must_exist=True)
    study = store.find(name)
    return summary_of(study, records_of(store, study.name))


def records_of(store: StudyStore, name: str) -> list[TrialRecord]:
    """List all trials of a study by number.

    Raises:
        StudyError: the database is damaged, or does not answer.
    """
    with guarded(store.url):
        return Records(store.load(name)).read()


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
    studies = {study.name: study for study in map(store.find, names)}
    first, *others = studies.values()
    for other in others:
        _check_comparable(first, other)
    return [summary_of(study, records_of(store, study.name)) for study in studies.values()]


def find_known(
    store: StudyStore, name: str, fingerprint: Fingerprint, *, origin: str | None
) -> tuple[StudyFacts | None, StudyFacts | None]:
    """Find a study, where it is there, and the one that it is to be begun from, if any.

    Raises:
        StudyError: the first was begun with other settings or from another study, or the second is
            not there.
    """
    if origin == name:
        raise StudyError(
            f"--start-from: expected another study than {name} itself",
            "Name one of those that `genre-search study list` prints.",
        )
    begun_from = None if origin is None else store.find(origin)
    if not store.exists(name):
        return None, begun_from
    known = store.find(name)
    fingerprint.check(known.facts["fingerprint"], name)
    before = known.facts.get("begun_from")
    if origin not in (None, before):
        raise StudyError(
            f"study {name}: expected a new study to begin from {origin}, but it is there, "
            f"begun {f'from {before}' if before else 'from nothing'}",
            "Name a new one with --study, or with --fork.",
        )
    return known, begun_from


def required_trial(summary: Summary, number: int | None) -> TrialRecord:
    """Give the trial of a number, which must be complete; without one the best trial.

    The winner comes as `required_winner` gives it: of a confirmed one, with the middle of its fresh
    seeds.

    Raises:
        StudyError: there is no such trial, it was not trained here to its end, or none is complete.
    """
    winner = summary.best
    if number is None or (winner is not None and winner.number == number):
        return required_winner(summary)
    record = next((record for record in summary.records if record.number == number), None)
    if record is None or record.state is not TrialState.COMPLETE or record.is_reused:
        found = "none of that number" if record is None else f"one that is {record.state.value}"
        if record is not None and record.is_reused:
            found = "one that was not trained: an equal one had been before"
        raise StudyError(
            f"study {summary.study}: expected a complete trial {number}, found {found}",
            f"`genre-search trials --study {summary.study}` lists its trials.",
        )
    return record


def required_winner(summary: Summary) -> TrialRecord:
    """Give the best trial.

    Raises:
        StudyError: no trial is complete.
    """
    if summary.best is None:
        raise StudyError(
            f"study {summary.study}: expected a complete trial, found none",
            "Run the search again to go on with it.",
        )
    return summary.best


def summary_of(study: StudyFacts, records: Sequence[TrialRecord]) -> Summary:
    """Collect what a study in a store has come to with these trials."""
    facts, results = study.facts, study.results
    return Summary(
        study=study.name,
        objectives=Objectives.parse(facts["fingerprint"]["objective"]),
        target=facts["target"],
        prior_loss=facts["prior_loss"],
        floor=facts["floor"],
        records=records,
        # Studies of version 0.1 have neither.
        forced_loss=facts.get("forced_loss", 0.0),
        leaks=facts.get("leaks", False),
        max_gap=facts["fingerprint"].get("max_gap"),
        baselines=[BaselineRecord.from_dict(b) for b in results.get(BASELINES, {}).values()],
        confirmations=confirmations_of(results),
        curves=LearningCurves.from_dict(results[REACH]) if REACH in results else None,
    )


def _check_comparable(one: StudyFacts, other: StudyFacts) -> None:
    """Refuse to rank trials of two studies together whose values do not compare.

    Raises:
        StudyError: with what differs.
    """
    here, there = one.facts["fingerprint"], other.facts["fingerprint"]
    fingerprint = Fingerprint.from_dict(here)
    if fingerprint.is_comparable(there):
        return
    # What alone would make them so.
    changed = [
        part
        for part in dict.fromkeys([*here, *there])
        if not fingerprint.is_comparable({**here, part: there.get(part)})
    ]
    differences = (f"{p} {_cut(here.get(p))} and {_cut(there.get(p))}" for p in changed)
    raise StudyError(
        f"studies {one.name} and {other.name}: expected values that compare, but they differ in "
        f"{'; '.join(differences)}",
        "Leave one of them out, or print each by itself.",
    )


def _cut(value: object) -> str:
    return str(value)[:12]


def confirmations_of(results: Mapping[str, Any]) -> dict[int, Confirmation]:
    """Read the confirmations, by the trial's number, out of a study's results."""
    known: Mapping[str, list[dict[str, Any]]] = results.get(CONFIRMATIONS, {})
    return {int(n): Confirmation.from_list(int(n), entries) for n, entries in known.items()}
