"""A candidate's bundle, verified and measured. Owns when a study's test split is read: once.

It is read for all candidates of the study together, after what is exported was fixed.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..candidates.kept_predictions import PREDICTIONS_FILE, read_predictions
from ..data.corpus import Corpus
from ..data.split.split import Split
from ..errors import ExportError, TrackingError
from ..export.bundle import Bundle, check_free, read_bundle, write_bundle
from ..export.mixture import mix_bundles
from ..export.predictor import Predictor
from ..metrics.losses import cross_entropy
from ..metrics.matrices import Singles
from ..metrics.thresholds import best_thresholds
from ..report.candidates import describe_optimism
from ..report.summary import Summary
from ..store.stored_study import StoredStudy
from ..store.study_store import StudyStore
from ..tracking.mlflow_studies import StudyRuns
from ..tracking.mlflow_tracker import MlflowServer
from ..tracking.trainings import MODEL_PATH
from ..trial.candidate import (
    AUTO,
    MILLISECONDS,
    PARAMETERS,
    Candidate,
    Component,
    Contest,
    Kind,
    SealedReading,
)
from .contest import read_contest
from .corpora import reopen_corpus
from .places import Places
from .reading import find_trial
from .sealed_test import measure_test, raw_texts

_TOLERANCE = 1e-4
"""Nats by which the loss of the bundle may differ from that of training."""
_LEAST = 1e-3
"""Probabilities are clipped to it, and to 1 without it, before these losses are compared."""


@dataclass(frozen=True, slots=True, repr=False)
class ExportReport:
    """What was exported."""

    directory: Path
    candidate: Candidate
    readings: Mapping[str, SealedReading]
    """On test, of what was exported and of the other candidates, by the candidate's key."""
    is_test_read_now: bool
    """False where the numbers are those recorded when the test split was read."""

    def __repr__(self) -> str:
        loss = self.test_metrics["loss"]
        return f"<ExportReport: {self.candidate.name} in {self.directory}, test loss {loss:.4f}>"

    @property
    def test_metrics(self) -> Mapping[str, float]:
        """Measures of what was exported on the test split."""
        return self.readings[self.candidate.key].metrics


def export_candidate(
    places: Places,
    name: str,
    directory: Path,
    *,
    winner: str = AUTO,
    number: int | None = None,
    force: bool = False,
    again: bool = False,
) -> ExportReport:
    """Write the bundle of the winner, or of another candidate or trial, verified and measured.

    The test split is read once, for all candidates; exporting one of them later reuses the numbers.

    Args:
        places: where the stores are.
        name: of the study.
        directory: the bundle's folder.
        winner: one of WINNERS.
        number: of a trial, which is exported instead; None for the winner.
        force: whether a bundle that is there is replaced.
        again: whether test may be read for something else than it was read for.

    Raises:
        StudyError: there is no such study, candidate or complete trial.
        ExportError: the folder is there, a model was not kept, the data have changed, the bundle
            does not predict what training did, or test was read for something else.
        DataError: the corpus cannot be read any more.
    """
    store = places.open_store(must_exist=True)
    stored = store.find(name)
    summary = Summary(stored, store.trials(stored.name))
    directory = directory.resolve()
    check_free(directory, force=force)
    contest = summary.contest if number is not None else read_contest(places, summary)
    candidate = find_candidate(summary, contest, winner=winner, number=number)
    known = _list_readings(stored, candidate)
    is_read_now = candidate.key not in known
    if known and is_read_now and not again:
        raise _refuse(stored, candidate)
    corpus, split = reopen_corpus(stored)
    candidates = () if contest is None else contest.candidates
    with _staging(directory) as staging:
        server, raw = MlflowServer(places.tracking_uri), raw_texts(corpus)
        press = _Press(server, summary, corpus, split, raw, staging)
        model = press.write(candidate, _describe(contest, candidate, summary))
        if is_read_now:
            read = (candidate.key, *known)
            others = [other for other in candidates if other.key not in read]
            readings = _read_test(press, [(model, candidate), *press.write_others(others)])
            _record_readings(server, store, stored, readings)
            known |= {entry.key: reading for entry, reading in readings}
        _write_test(model, known[candidate.key])
        # Another export may have written there meanwhile.
        check_free(directory, force=force)
        _put(model, directory, staging / "before")
    keys = [other.key for other in (candidate, *candidates) if other.key in known]
    return ExportReport(directory, candidate, {key: known[key] for key in keys}, is_read_now)


def _put(model: Path, directory: Path, before: Path) -> None:
    """Move a finished bundle to its place; what is there stays until then."""
    try:
        if directory.exists():
            directory.rename(before)
        model.rename(directory)
    except BaseException:
        if before.exists() and not directory.exists():
            before.rename(directory)
        raise


def find_candidate(
    summary: Summary, contest: Contest | None, *, winner: str, number: int | None
) -> Candidate:
    """Find what is exported: a candidate, or a trial as one.

    Raises:
        StudyError: there is no such candidate or complete trial.
    """
    if number is None and contest is not None:
        return contest.find(winner)
    trial = find_trial(summary, number)
    component = Component(trial.label, trial.run_id, number=trial.number)
    return Candidate(Kind.NETWORK, (component,), trial.metrics, trial.run_id)


def _list_readings(stored: StoredStudy, candidate: Candidate) -> dict[str, SealedReading]:
    """List what was read of test, by the candidate's key.

    Before there were candidates, the number of the trial was the key.
    """
    known = dict(stored.test_readings)
    old_key = str(candidate.components[0].number)
    if len(candidate.components) == 1 and old_key in known:
        known[candidate.key] = known.pop(old_key)
    return known


def _refuse(stored: StoredStudy, candidate: Candidate) -> ExportError:
    read = ", ".join(reading.name for reading in stored.test_readings.values())
    return ExportError(
        f"study {stored.name}: its test split was read for {read}; reading it for "
        f"{candidate.name} too would choose between models by their test results",
        "Set `again` if that is what you want; it will be recorded.",
    )


def _describe(contest: Contest | None, candidate: Candidate, summary: Summary) -> tuple[str, ...]:
    """Say in the README of a winner how much of its lead may be luck."""
    if contest is None or candidate != contest.find():
        return ()
    return tuple(describe_optimism(contest, summary.objective))


@dataclass(frozen=True, slots=True)
class _Press:
    """Writes bundles of candidates into a folder of its own, and measures them."""

    server: MlflowServer
    summary: Summary
    corpus: Corpus
    split: Split
    raw: tuple[str, ...]
    """Texts of the whole corpus, as a user has them."""
    staging: Path

    def write(self, candidate: Candidate, notes: tuple[str, ...] = ()) -> Path:
        """Write the bundle of a candidate, verified from raw texts on.

        Raises:
            ExportError: a model was not kept, or the bundle does not predict what training did.
        """
        folder = self._make_folder()
        parts = [(self._download(part), part.weight) for part in candidate.components]
        first = read_bundle(parts[0][0])
        mix_bundles(
            parts,
            folder,
            thresholds=first.thresholds,
            metrics=first.metrics,
            origin=first.origin,
            notes=notes,
        )
        predictor = Predictor(folder)
        texts = [self.raw[row] for row in self.split.validation]
        predicted = predictor.predict_probabilities(texts)
        self._verify(candidate, predicted, parts)
        if candidate.kind is Kind.ENSEMBLE:
            write_bundle(self._describe_ensemble(predictor.bundle, candidate, predicted), folder)
        return folder

    def write_others(self, others: Sequence[Candidate]) -> list[tuple[Path, Candidate]]:
        """Write the bundles of other candidates; those whose models are gone are left out."""
        written = []
        for other in others:
            with suppress(_NotKeptError):
                written.append((self.write(other), other))
        return written

    def _verify(
        self, candidate: Candidate, predicted: Singles, parts: Sequence[tuple[Path, float]]
    ) -> None:
        """Make sure that a bundle has the loss of what its models predicted in training.

        Raises:
            ExportError: it has another one, or that is not known.
        """
        truth, task = self.corpus.labels[self.split.validation], self.corpus.task
        kept = np.zeros(truth.shape)
        try:
            for path, weight in parts:
                found = read_predictions(path / PREDICTIONS_FILE, self.split.sha256, truth.shape)
                kept += weight * found
        except ValueError as error:
            raise ExportError(
                f"{candidate.name}: {error}", "Export another with `winner` or `trial`."
            ) from error
        # Half precision is too coarse for the logarithm of a very small probability.
        trained, loss = (
            cross_entropy(np.clip(of, _LEAST, 1.0 - _LEAST), truth, task)
            for of in (kept, predicted)
        )
        if abs(loss - trained) > _TOLERANCE:
            raise ExportError(
                f"{candidate.name}: the bundle has a validation loss of {loss:.6f}, training had "
                f"{trained:.6f}",
                "This should not happen: please report it with both numbers and the versions.",
            )

    def _describe_ensemble(
        self, bundle: Bundle, candidate: Candidate, predicted: Singles
    ) -> Bundle:
        """Give the bundle of an ensemble its thresholds, its crossed measures and its origin."""
        labels, is_one = self.corpus.labels[self.split.validation], self.corpus.task.is_multiclass
        costs = (PARAMETERS, MILLISECONDS)
        measures = {"loss" if name == "val_loss" else name: value
                    for name, value in candidate.metrics.items() if name not in costs}  # fmt: skip
        return replace(
            bundle,
            thresholds=() if is_one else tuple(best_thresholds(predicted, labels).tolist()),
            metrics={"validation": measures},
            origin={k: v for k, v in bundle.origin.items() if k not in ("trial", "trial_seed")},
        )

    def _download(self, component: Component) -> Path:
        """Copy the bundle of a model into a folder of its own.

        Raises:
            ExportError: it was not kept, or was dropped for better ones; with those that are there.
        """
        runs = StudyRuns(self.server)
        if _is_kept(runs, component.run_id):
            path = self.server.record(component.run_id).download(MODEL_PATH, self._make_folder())
            self._check_identity(component, path)
            return path
        trials = [trial for trial in self.summary.trials if trial.has_model]
        kept = [str(trial.number) for trial in trials if _is_kept(runs, trial.run_id)]
        raise _NotKeptError(
            f"{component.name}: its model was not kept",
            f"Those of trials {', '.join(kept)} are: export one of them with `trial`. "
            "A search with a higher `keep` keeps more."
            if kept
            else "None is: raise `keep` and run the search again under another `name`.",
        )

    def _check_identity(self, component: Component, path: Path) -> None:
        """Make sure that a folder has the model that the database knows.

        Raises:
            ExportError: it is another model's, or no bundle.
        """
        bundle = read_bundle(path)
        recorded, found = self._list_losses().get(component.run_id), bundle.metrics["validation"]
        is_alike = recorded is None or abs(found["loss"] - recorded) <= _TOLERANCE
        if not is_alike or bundle.members[0].origin.get("trial") != component.number:
            raise ExportError(
                f"{component.name}: the model in its run is another one: its validation loss was "
                f"{found['loss']:.4f}, that of {component.name} was {recorded or 0.0:.4f}",
                "Put the folder back as the search wrote it, or export another with `winner` or "
                "`trial`.",
            )

    def _list_losses(self) -> dict[str, float]:
        """List the validation losses that the database has, by run."""
        retrained = (r for c in self.summary.confirmations.values() for r in c.retrainings)
        trainings = [*((t.run_id, t.training) for t in self.summary.trials),
                     *((r.run_id, r.training) for r in retrained)]  # fmt: skip
        losses = {run_id: t.metrics["val_loss"] for run_id, t in trainings if t is not None}
        return losses | {b.run_id: b.metrics["val_loss"] for b in self.summary.baselines}

    def _make_folder(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self.staging))


class _NotKeptError(ExportError):
    """A model was not kept, or was dropped."""


def _is_kept(runs: StudyRuns, run_id: str) -> bool:
    with suppress(TrackingError):
        return runs.size(run_id, MODEL_PATH) > 0
    return False


def _read_test(
    press: _Press, bundles: Sequence[tuple[Path, Candidate]]
) -> list[tuple[Candidate, SealedReading]]:
    """Measure candidates on test, each with its bundle."""
    return [
        (
            candidate,
            SealedReading(
                candidate.name,
                measure_test(Predictor(path), press.raw, press.corpus, press.split),
            ),
        )
        for path, candidate in bundles
    ]


def _write_test(model: Path, reading: SealedReading) -> None:
    bundle = read_bundle(model)
    write_bundle(replace(bundle, metrics={**bundle.metrics, "test": reading.metrics}), model)


def _record_readings(
    server: MlflowServer,
    store: StudyStore,
    stored: StoredStudy,
    readings: Sequence[tuple[Candidate, SealedReading]],
) -> None:
    """Write down what was read of test, in the database first."""
    known = {**stored.test_readings, **{entry.key: reading for entry, reading in readings}}
    store.write_test_readings(stored.name, known)
    names = ", ".join(reading.name for reading in known.values())
    server.record(stored.settings.study_run_id).tags({"test_read_for": names})
    for candidate, reading in readings:
        named = {f"test/{key}": value for key, value in reading.metrics.items()}
        # Of a deleted run the numbers are in the database alone.
        with suppress(TrackingError):
            if candidate.run_id:
                server.record(candidate.run_id).metrics(named)


@contextmanager
def _staging(directory: Path) -> Iterator[Path]:
    """Make a folder beside the bundle's, so that whatever cannot be written is found out first.

    Raises:
        ExportError: nothing can be written there.
    """
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=f".{directory.name}-", dir=directory.parent
        ) as name:
            yield Path(name)
    except OSError as error:
        raise ExportError(
            f"{directory}: expected a folder that can be written, but: {error}",
            "Name another folder.",
        ) from error
