"""The candidates of a study: which models enter, and what is known of the trials beside them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..candidates.contest import Entrant, compare_candidates, enter_candidates
from ..candidates.f1_judge import F1Judge
from ..candidates.models import Models
from ..candidates.optimism import Trials, measure_optimism
from ..errors import StudyError, TrackingError
from ..export.member import FOLDER
from ..report.summary import Summary
from ..tracking.mlflow_studies import StudyRuns
from ..tracking.mlflow_tracker import MlflowServer
from ..tracking.trainings import MODEL_PATH
from ..trial.baseline import LINEAR
from ..trial.candidate import MILLISECONDS, PARAMETERS, Candidate, Contest, Kind
from ..trial.ranking import best_trials
from ..trial.trial import Trial
from .corpora import reopen_corpus
from .places import Places
from .roster import Roster, fill_roster, make_roster
from .text_losses import read_text_losses

_MAX_TRIALS = 100
"""Best trials whose losses enter the optimism: others would not be chosen."""


@dataclass(frozen=True, slots=True)
class Held:
    """A contest with what its candidates predict."""

    contest: Contest
    entrants: Sequence[Entrant]

    def find(self, kind: Kind) -> Entrant | None:
        """Find the candidate of a kind; None where there is none."""
        return next((e for e in self.entrants if e.candidate.kind is kind), None)


def hold_contest(
    roster: Roster,
    summary: Summary,
    server: MlflowServer,
    check: Callable[[], None] = lambda: None,
) -> Held | None:
    """Compare the candidates of a study, and measure how much of the winner's lead is luck.

    Args:
        roster: its models.
        summary: of the study.
        server: has the losses of its trials.
        check: called now and then; may raise to stop.

    Returns:
        None where no model is left.
    """
    seed, models = summary.stored.settings.fingerprint.seed, roster.models()
    trials = _read_trials(summary, server) if summary.objective.is_loss else None
    entrants = enter_candidates(models)
    if not entrants:
        return None
    contest = compare_candidates(entrants, models, seed=seed)
    simpler = _list_simpler(contest, summary, models)
    optimism = measure_optimism(
        contest, models, seed=seed, trials=trials, simpler=simpler, check=check
    )
    named = (
        c if c.kind is Kind.ENSEMBLE else replace(c, run_id=c.components[0].run_id)
        for c in contest.candidates
    )
    whole = replace(
        contest,
        candidates=tuple(named),
        optimism=optimism,
        basis=summary.basis,
        notes=tuple(roster.notes),
    )
    return Held(whole, entrants)


def read_contest(places: Places, summary: Summary) -> Contest:
    """Read the candidates of a study; compare them now where the models are others since.

    So they are where trials have ended, and where the weights of a candidate are gone. Nothing is
    written then: the next search records it.

    Raises:
        StudyError: no trial is complete.
        ExportError: the data of the study are others now.
        DataError: the corpus cannot be read any more.
        TrackingError: MLflow does not answer, or no model is left there.
    """
    server = MlflowServer(places.tracking_uri)
    if summary.contest is not None and has_weights(summary.contest, server):
        return summary.contest
    if summary.best is None:
        raise StudyError(
            f"study {summary.study}: expected a complete trial, found none",
            "Run the search again to go on with it.",
        )
    roster = open_roster(places, summary)
    held = hold_contest(roster, summary, server)
    if held is None:
        raise TrackingError(
            f"study {summary.study}: expected models whose weights are there, found none"
            + "".join(f". {note}" for note in roster.notes).removesuffix("."),
            "Search again under another `name`.",
        )
    return held.contest


def has_weights(contest: Contest, server: MlflowServer) -> bool:
    """Tell whether the weights of every candidate are there.

    Raises:
        TrackingError: MLflow does not answer.
    """
    server.check()
    runs = StudyRuns(server)
    try:
        return all(
            runs.size(component.run_id, f"{MODEL_PATH}/{FOLDER}")
            for candidate in contest.candidates
            for component in candidate.components
        )
    except TrackingError:
        return False


def open_roster(places: Places, summary: Summary) -> Roster:
    """Collect the models of a study whose weights are kept.

    Raises:
        ExportError, DataError, TrackingError: as `read_contest`.
    """
    corpus, split = reopen_corpus(summary.stored)
    limit = summary.stored.settings.max_parameters
    roster = make_roster(corpus, split, summary.objective, limit)
    fill_roster(roster, summary.stored, summary.trials, MlflowServer(places.tracking_uri))
    return roster


def select_ensemble(places: Places, summary: Summary, *, max_members: int) -> Candidate:
    """Select an ensemble of so many different models at most.

    Raises:
        StudyError: no ensemble of several models is better than one alone.
        ExportError, DataError, TrackingError: as `read_contest`.
    """
    models = replace(open_roster(places, summary).models(), max_members=max_members)
    entrants = enter_candidates(models)
    found = next((e.candidate for e in entrants if e.candidate.kind is Kind.ENSEMBLE), None)
    if found is None:
        raise StudyError(
            f"study {summary.study}: expected several models that are better together, found none",
            "Run more trials, or raise `keep`.",
        )
    return found


def _read_trials(summary: Summary, server: MlflowServer) -> Trials | None:
    """Read the losses of the best trials; None where there are none."""
    losses, expenses = [], []
    for trial in _list_rivals(summary):
        try:
            losses.append(read_text_losses(server, trial.run_id))
        except (TrackingError, ValueError):
            continue
        metrics = trial.metrics
        expenses.append(metrics.get(PARAMETERS, np.inf) * metrics.get(MILLISECONDS, np.inf))
    alike = losses and len({of_trial.shape for of_trial in losses}) == 1
    return Trials(np.stack(losses), np.array(expenses)) if alike else None


def _list_rivals(summary: Summary) -> list[Trial]:
    """List the trials between which the best network was chosen: by fresh seeds, or by value."""
    best = summary.best
    if best is not None and best.number in summary.confirmations:
        return [best]
    return best_trials(summary.trials, summary.objective, _MAX_TRIALS)


def _list_simpler(contest: Contest, summary: Summary, models: Models) -> dict[str, float]:
    """List the models that are simpler or earlier than the winner, by their value.

    A macro F1 is measured as that of the winner is, for which the model must be kept.
    """
    winner, everything = contest.find(), models.all_texts
    own = {(c.number, winner.kind) for c in winner.components}
    first = next((trial for trial in summary.trials if trial.start and trial.can_win), None)
    named: dict[int | None, str] = {None: LINEAR}
    if first is not None:
        named[first.number] = f"{first.label}, the first start"
    simpler = {}
    for model in models.members:
        number = model.component.number
        if number not in named or (number, model.kind) in own:
            continue
        weights = np.array([float(other is model) for other in models.members])
        judge = models.judge
        outcome = judge.mix(weights)
        if isinstance(judge, F1Judge):
            predicted = np.asarray(outcome, np.float32)
            simpler[named[number]] = 1.0 - judge.cost(predicted, everything, everything)
        else:
            simpler[named[number]] = float(outcome.mean())
    return simpler
