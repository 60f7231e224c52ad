"""The order of the stages, and what is shown of the study after them."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from ...errors import SearchError, TrackingError
from ...tracking.trainings import CHECKPOINT_PATH
from ...training.determinism import make_deterministic
from ...training.runner import TrainedNetwork, TrainingRunner
from ...trial.control import Control
from ..ending import Ending
from ..models import save_network
from ..session import Session
from ..standing import record_curves, record_pictures, record_standing
from .baselines import fit_baselines, read_rival
from .confirmation import confirm_best
from .contest import compare_candidates
from .learning_curves import measure_learning_curves
from .trials import run_trials

_Stage = Callable[[Session, TrainingRunner, Control], Ending]


def run_stages(session: Session, control: Control) -> Ending:
    """Run what is left to do of a study, and show what it has come to, however it ends.

    Raises:
        StudyError: its trials fail.
        TrackingError: MLflow does not answer.
        KeyboardInterrupt: the user wanted to stop.
    """
    return _run(session, control, _search)


def run_confirmation(session: Session, control: Control) -> Ending:
    """Train the best trials again with fresh seeds, and show what the study has come to.

    Raises:
        TrackingError: MLflow does not answer.
        KeyboardInterrupt: the user wanted to stop.
    """
    return _run(session, control, _confirm)


def _run(session: Session, control: Control, run: _Stage) -> Ending:
    if session.plan.is_deterministic:
        make_deterministic()
    before = _list_shown(session)
    try:
        ending = fit_baselines(session, control) or run(session, _make_runner(session), control)
        if control.is_interrupted():
            raise KeyboardInterrupt
        compare_candidates(session, control)
    except BaseException:
        # The user must read why it ended, not that it could not be shown after that.
        with suppress(SearchError):
            _show(session, before)
        raise
    _show(session, before)
    return ending


def _search(session: Session, runner: TrainingRunner, control: Control) -> Ending:
    ending = _run_confirmed_trials(session, runner, control)
    if ending is Ending.TIMEOUT:
        return ending
    return measure_learning_curves(session, runner, control) or ending


def _confirm(session: Session, runner: TrainingRunner, control: Control) -> Ending:
    return confirm_best(session, runner, control) or Ending.CONFIRMED


def _run_confirmed_trials(session: Session, runner: TrainingRunner, control: Control) -> Ending:
    """Run trials, and confirm the best; go on where fresh seeds do not meet the target."""
    roster = session.open_roster()
    while True:
        disproved = session.find_disproved()
        ending = run_trials(session, runner, roster, control)
        if ending is Ending.TIMEOUT:
            return ending
        if (cut_short := confirm_best(session, runner, control)) is not None:
            return cut_short
        if ending is not Ending.TARGET or session.find_disproved() == disproved:
            return ending


def _make_runner(session: Session) -> TrainingRunner:
    plan, divided = session.plan, session.setup.divided

    def save(trained: TrainedNetwork, directory: Path) -> None:
        number = trained.proposal.number
        origin = {"study": session.name, "trial": number, "study_seed": plan.seed}
        save_network(divided, trained, origin, directory)

    return TrainingRunner(
        data=session.setup.data,
        divided=divided,
        objective=plan.objective,
        n_epochs=plan.n_epochs,
        target=plan.target,
        rival=read_rival(session),
        save=save,
        fetch_checkpoint=partial(_fetch_checkpoint, session),
    )


def _fetch_checkpoint(session: Session, number: int, directory: Path) -> Path | None:
    """Copy the checkpoint of a trial into a directory; give its folder, None where it is gone."""
    trial = next(trial for trial in session.trials if trial.number == number)
    if not trial.has_checkpoint:
        return None
    try:
        return session.server.record(trial.run_id).download(CHECKPOINT_PATH, directory)
    except TrackingError:
        return None


def _list_shown(session: Session) -> tuple[Any, ...]:
    """Give what the pictures are drawn of."""
    return [trial.state for trial in session.trials], session.stored.results


def _show(session: Session, before: tuple[Any, ...]) -> None:
    summary, run = session.summarize(), session.tracker.study
    record_standing(run, summary)
    if _list_shown(session) != before:
        record_curves(run, summary)
        record_pictures(session, summary)
