"""Deletion of a study from both stores. Owns what goes, in which order, and what is said of it.

The store of studies is last: a deletion that was cut off is completed by the same command.
"""

import socket
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..engines.store import CONFIRMATIONS, MissingStoreError, StudyFacts, StudyStore
from ..errors import StudyError
from ..report.studies import counted
from ..study.result import CHECKPOINT_PATH, MODEL_PATH
from ..tracking.mlflow_studies import StudyRuns, find_runs
from .places import Places


@dataclass(frozen=True, slots=True)
class Deletion:
    """What goes with a study."""

    study: str
    is_stored: bool
    """Whether the store of studies has it; else MLflow alone does."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Its trials by what became of them."""
    hosts: Mapping[str, int] = field(default_factory=dict)
    """Processes that are said to search it on other machines, by machine."""
    n_confirmed: int = 0
    test_readings: tuple[str, ...] = ()
    """Numbers of the trials that test was read for."""
    networks: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Bytes of kept networks and checkpoints, by run and artifact folder."""
    run_ids: tuple[str, ...] = ()
    """In MLflow, those that others hang on last."""

    def sentences(self) -> list[str]:
        """Say what goes, and what can be had back."""
        said = []
        if self.is_stored:
            said.append(f"Trials, deleted for good: {counted(self.counts)}.")
        else:
            said.append("The store of studies has no such study; its runs in MLflow are left.")
        if self.networks:
            megabytes = sum(self.networks.values()) / 1e6
            said.append(
                f"Kept networks, deleted for good: {len(self.networks)} ({megabytes:,.1f} MB)."
            )
        if self.n_confirmed:
            said.append(f"Confirmations of trials, deleted for good: {self.n_confirmed}.")
        if self.test_readings:
            numbers = ", ".join(self.test_readings)
            said.append(f"The record that test was read (for trial {numbers}) goes with it.")
        if self.run_ids:
            said.append(
                f"Runs in MLflow, moved to its trash: {len(self.run_ids):,}. `mlflow gc` frees "
                "their space."
            )
        said += [
            f"Processes on {host} that may be searching it, and would fail: {n}."
            for host, n in self.hosts.items()
        ]
        return said


def plan_deletion(places: Places, name: str) -> Deletion:
    """Collect what goes with a study, from whichever stores have it; nothing is changed.

    Raises:
        StudyError: neither store has it, or a process of this machine is searching it.
        TrackingError: MLflow does not answer.
    """
    runs = find_runs(places.tracking_uri)
    try:
        store = places.open_store(must_exist=True)
    except MissingStoreError:
        store = None
    if store is not None and store.exists(name):
        return _plan(store, store.find(name), runs)
    lone = _lone_runs(store, runs, name)
    if runs is None or not lone:
        raise StudyError(
            f"there is no study named {name}, neither in the store of studies nor in MLflow",
            "`genre-search study list` prints the names.",
        )
    return Deletion(
        name, is_stored=False, run_ids=tuple(i for run_id in lone for i in runs.below(run_id))
    )


def delete_study(places: Places, deletion: Deletion, say: Callable[[str], None]) -> None:
    """Delete what was planned: networks, runs, and then the study itself.

    Args:
        places: where the stores are.
        deletion: the plan.
        say: called with a sentence about each part that is done.

    Raises:
        StudyError: a process of this machine has begun to search it.
        TrackingError: MLflow does not answer; the same deletion completes it.
    """
    store = places.open_store(must_exist=True) if deletion.is_stored else None
    if store is not None:
        _living(store, deletion.study)
    runs = find_runs(places.tracking_uri)
    if runs is not None:
        for run_id, path in deletion.networks:
            runs.server.record(run_id).drop(path)
        for run_id in deletion.run_ids:
            runs.delete(run_id)
        say(f"deleted {len(deletion.run_ids):,} runs in MLflow")
    if store is not None:
        store.delete(deletion.study)
        say(f"deleted study {deletion.study}")


def _plan(store: StudyStore, study: StudyFacts, runs: StudyRuns | None) -> Deletion:
    confirmations: Mapping[str, Any] = study.results.get(CONFIRMATIONS, {})
    hosts = _living(store, study.name)
    below = () if runs is None else tuple(runs.below(study.facts["study_run_id"]))
    keeping = {*store.runs_with_networks(study.name), *_retrained(confirmations)}
    return Deletion(
        study.name,
        is_stored=True,
        counts=store.counts(study.name),
        hosts=hosts,
        n_confirmed=len(confirmations),
        test_readings=tuple(study.test_readings),
        networks={} if runs is None else _sizes(runs, [i for i in below if i in keeping]),
        run_ids=below,
    )


def _living(store: StudyStore, name: str) -> dict[str, int]:
    """Count the processes that may be searching a study, by machine; between trials too.

    Raises:
        StudyError: some are on this one.
    """
    owners = store.owners(name)
    here = [str(owner["pid"]) for owner in owners if owner["host"] == socket.gethostname()]
    if here:
        raise StudyError(
            f"study {name}: expected that nothing searches it, found it open in process "
            f"{', '.join(here)}",
            "Stop that search first (Ctrl-C, or `kill`), then delete the study.",
        )
    return dict(Counter(owner["host"] for owner in owners))


def _sizes(runs: StudyRuns, run_ids: Sequence[str]) -> dict[tuple[str, str], int]:
    """Measure the networks and checkpoints that are there, by run and folder."""
    places = [(run_id, path) for run_id in run_ids for path in (MODEL_PATH, CHECKPOINT_PATH)]
    sizes = {(run_id, path): runs.size(run_id, path) for run_id, path in places}
    return {place: size for place, size in sizes.items() if size}


def _retrained(confirmations: Mapping[str, Any]) -> list[str]:
    retrainings = (fields for entries in confirmations.values() for fields in entries)
    return [r["facts"]["run_id"] for r in retrainings if r["facts"].get("has_model")]


def _lone_runs(store: StudyStore | None, runs: StudyRuns | None, name: str) -> list[str]:
    """List the runs in MLflow of a study of this name that no stored study has for its own."""
    if runs is None:
        return []
    known = set() if store is None else {s.facts["study_run_id"] for s in store.studies()}
    return [i for i, other in runs.names().items() if other == name and i not in known]
