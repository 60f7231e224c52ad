"""The comparison of what a search can end with. Owns the run in which the ensemble is recorded."""

from dataclasses import replace

from ...candidates.contest import Entrant
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
    run_id = ""
    if ensemble is not None:
        run_id = _find_run(known, ensemble.candidate) or _record(session, ensemble)
    candidates = tuple(
        replace(candidate, run_id=run_id) if candidate.kind is Kind.ENSEMBLE else candidate
        for candidate in held.contest.candidates
    )
    session.store.write_contest(session.name, replace(held.contest, candidates=candidates))
    _discard_others(session, run_id)


def _find_run(known: Contest | None, ensemble: Candidate) -> str:
    """Find the run of an ensemble that is the same as before; empty where it is another."""
    before = () if known is None else known.candidates
    same = (c.run_id for c in before if (c.key, c.metrics) == (ensemble.key, ensemble.metrics))
    return next(same, "")


def _discard_others(session: Session, run_id: str) -> None:
    """Move runs of ensembles that are not the study's, or no longer, to MLflow's trash."""
    runs = StudyRuns(session.server)
    for other in runs.of_kind(session.tracker.study.run_id, "ensemble"):
        if other != run_id:
            runs.delete(other)


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
