"""The comparison of what a search can end with. Owns the run in which the ensemble is recorded."""

from contextlib import suppress
from dataclasses import replace

from ...candidates.contest import Entrant
from ...errors import TrackingError
from ...tracking.mlflow_studies import StudyRuns
from ...tracking.record import RunStatus
from ...training.measures import measure
from ...training.recorded_run import ended_on_error
from ...trial.candidate import Candidate, Contest, Kind
from ...trial.control import Control
from ..contest import has_weights, hold_contest
from ..session import Session

_DESCRIPTION = (
    "An average of the probabilities of several models. It was chosen on one half of validation "
    "and measured on the other, both ways round; chosen on all of validation it is made of:"
)


def compare_candidates(session: Session, control: Control) -> None:
    """Compare network, linear baseline and ensemble, unless nothing has changed since.

    Args:
        session: gets the candidates as a result, and a run of the ensemble.
        control: asked now and then whether the user wants to stop.

    Raises:
        StudyError: what a model predicts is of another split.
        TrackingError: MLflow does not answer.
        KeyboardInterrupt: the user wanted to stop; nothing is recorded then.
    """
    summary, known = session.summarize(), session.stored.contest
    is_current = summary.contest is not None and has_weights(summary.contest, session.server)
    if summary.best is None or is_current:
        return

    def check() -> None:
        if control.is_interrupted():
            raise KeyboardInterrupt

    roster = session.open_roster(n_kept=session.plan.n_kept)
    held = hold_contest(roster, summary, session.server, check)
    if held is None:
        return
    ensemble = held.find(Kind.ENSEMBLE)
    run_id = _find_run(known, None if ensemble is None else ensemble.candidate)
    is_other = known is not None and not run_id
    if ensemble is not None:
        run_id = run_id or _record(session, ensemble)
    candidates = tuple(
        replace(c, run_id=run_id if c.kind is Kind.ENSEMBLE else c.components[0].run_id)
        for c in held.contest.candidates
    )
    session.store.write_contest(session.name, replace(held.contest, candidates=candidates))
    if known is not None and is_other:
        _discard(session, known)


def _find_run(known: Contest | None, ensemble: Candidate | None) -> str:
    """Find the run of an ensemble that is the same as before; empty where it is another."""
    before = [] if known is None else known.candidates
    return next((c.run_id for c in before if ensemble is not None and c.key == ensemble.key), "")


def _discard(session: Session, known: Contest) -> None:
    """Move the run of an ensemble that is no longer the study's to MLflow's trash."""
    for candidate in known.candidates:
        if candidate.kind is Kind.ENSEMBLE:
            # It may be gone already.
            with suppress(TrackingError):
                StudyRuns(session.server).delete(candidate.run_id)


def _record(session: Session, ensemble: Entrant) -> str:
    """Record the ensemble as a trial is, by its crossed predictions; return its run."""
    divided, candidate = session.setup.divided, ensemble.candidate
    corpus, labels = divided.corpus, divided.corpus.labels[divided.split.validation]
    measured = measure(
        ensemble.probabilities,
        labels,
        corpus.label_names,
        corpus.task,
        title=candidate.name,
        predictions=ensemble.predictions,
    )
    run = session.tracker.beside("ensemble", candidate.name)
    with ended_on_error(run):
        for place, component in enumerate(candidate.components, start=1):
            run.params({f"member_{place}": component.name, f"weight_{place}": component.weight})
        shares = "\n".join(f"- {c.weight:.0%} {c.name}" for c in candidate.components)
        run.describe(f"{_DESCRIPTION}\n\n{shares}\n")
        run.metrics({**candidate.metrics, **measured.label_metrics})
        for path, content in measured.files.items():
            run.file(path, content)
        run.end(RunStatus.FINISHED)
    return run.run_id
