"""Deletion of a study from both stores. Owns what is deleted, in which order, and what is said.

The database of studies is last: a deletion that was cut off is completed by the same command.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from ..errors import StudyError
from ..report.studies import describe_counts
from ..store.stored_study import StoredStudy
from ..store.study_store import StudyStore
from ..tracking.mlflow_studies import StudyRuns, find_runs
from ..tracking.trainings import CHECKPOINT_PATH, MODEL_PATH
from ..trial.control import Control
from .places import Places


@dataclass(frozen=True, slots=True)
class Deletion:
    """What is deleted with a study."""

    study: str
    is_stored: bool
    """Whether the store of studies has it; else MLflow alone does."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Its trials by what became of them."""
    hosts: Mapping[str, int] = field(default_factory=dict)
    """Processes that are said to search it on other machines, by machine."""
    n_confirmed: int = 0
    test_readings: tuple[str, ...] = ()
    """Names of the candidates that test was read for."""
    networks: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Bytes of kept networks and checkpoints, by run and artifact folder."""
    run_ids: tuple[str, ...] = ()
    """In MLflow, parent runs last."""

    def sentences(self) -> list[str]:
        """Say what is deleted, and what can be restored."""
        said = []
        if self.is_stored:
            said.append(f"Trials, deleted for good: {describe_counts(self.counts)}.")
        else:
            said.append("The database of studies has no such study; only runs in MLflow are left.")
        if self.networks:
            megabytes = sum(self.networks.values()) / 1e6
            said.append(
                f"Kept models, deleted for good: {len(self.networks)} ({megabytes:,.1f} MB)."
            )
        if self.n_confirmed:
            said.append(f"Confirmations of trials, deleted for good: {self.n_confirmed}.")
        if self.test_readings:
            names = ", ".join(self.test_readings)
            said.append(f"The record that test was read (for {names}) goes with it.")
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
    """Collect what is deleted with a study, from whichever stores have it; nothing is changed.

    Raises:
        StudyError: neither store has it, or a process of this machine is searching it.
        TrackingError: MLflow does not answer.
    """
    runs = find_runs(places.tracking_uri)
    store = places.find_store()
    stored = None if store is None else store.read(name)
    if store is not None and stored is not None:
        return _plan(store, stored, runs)
    lone = _list_lone_runs(store, runs, name)
    if not lone:
        raise StudyError(
            f"there is no study named {name}, neither in the database of studies nor in MLflow",
            "`genre-search study list` prints the names.",
        )
    return Deletion(name, is_stored=False, run_ids=lone)


def delete_study(places: Places, deletion: Deletion, control: Control) -> None:
    """Delete what was planned: networks, runs, and then the study itself.

    Args:
        places: where the stores are.
        deletion: the plan.
        control: gets a sentence about each part that is done.

    Raises:
        StudyError: a process of this machine has begun to search it.
        TrackingError: MLflow does not answer; the same deletion completes it.
    """
    store = places.open_store(must_exist=True) if deletion.is_stored else None
    if store is not None:
        _check_idle(store, deletion.study)
    runs = find_runs(places.tracking_uri)
    if runs is not None:
        for run_id, path in deletion.networks:
            runs.server.record(run_id).drop(path)
        for run_id in deletion.run_ids:
            runs.delete(run_id)
        control.say(f"deleted {len(deletion.run_ids):,} runs in MLflow")
    if store is not None:
        store.delete(deletion.study)
        control.say(f"deleted study {deletion.study}")


def _plan(store: StudyStore, stored: StoredStudy, runs: StudyRuns | None) -> Deletion:
    hosts = _check_idle(store, stored.name)
    below = () if runs is None else tuple(runs.below(stored.settings.study_run_id))
    retrained = {entry.run_id for c in stored.confirmations.values() for entry in c.retrainings}
    fitted = {baseline.run_id for baseline in stored.baselines}
    keeping = retrained.union(fitted, store.runs_with_networks(stored.name))
    return Deletion(
        stored.name,
        is_stored=True,
        counts=store.count_trials(stored.name),
        hosts=hosts,
        n_confirmed=len(stored.confirmations),
        test_readings=tuple(reading.name for reading in stored.test_readings.values()),
        networks=_measure_networks(runs, [run_id for run_id in below if run_id in keeping]),
        run_ids=below,
    )


def _check_idle(store: StudyStore, name: str) -> dict[str, int]:
    """Count the processes that may be searching a study, by machine; between trials too.

    Raises:
        StudyError: some are on this one.
    """
    processes = store.processes(name)
    here = [str(process.pid) for process in processes if process.is_here]
    if here:
        raise StudyError(
            f"study {name}: expected that nothing searches it, found it open in process "
            f"{', '.join(here)}",
            "Stop that search first (Ctrl-C, or `kill`), then delete the study.",
        )
    return dict(Counter(process.host for process in processes))


def _measure_networks(runs: StudyRuns | None, run_ids: Sequence[str]) -> dict[tuple[str, str], int]:
    """Measure the networks and checkpoints that are there, by run and folder."""
    if runs is None:
        return {}
    places = product(run_ids, (MODEL_PATH, CHECKPOINT_PATH))
    return {place: size for place in places if (size := runs.size(*place))}


def _list_lone_runs(store: StudyStore | None, runs: StudyRuns | None, name: str) -> tuple[str, ...]:
    """List the runs in MLflow of studies of this name that no stored study has for its own."""
    if runs is None:
        return ()
    known = set() if store is None else {s.settings.study_run_id for s in store.studies()}
    lone = (i for i, other in runs.names().items() if other == name and i not in known)
    return tuple(run_id for study_run_id in lone for run_id in runs.below(study_run_id))
