"""The trials of a search. Owns what is shown of the study while they run."""

from dataclasses import replace

from ...training.runner import TrainingRunner
from ...trial.control import Control
from ...trial.events import Event, TrialEnded
from ..ending import Ending
from ..loop import Loop
from ..refresh import Refresh
from ..roster import Roster
from ..session import Session
from ..standing import record_pictures, record_standing

_PICTURE_SECONDS = 60.0
"""From one drawing of the search to the next."""


def run_trials(
    session: Session, runner: TrainingRunner, roster: Roster, control: Control
) -> Ending:
    """Run trials until the budget is spent, and say why that is.

    Raises:
        StudyError: its trials fail.
        KeyboardInterrupt: the user wanted to stop.
    """
    show = Refresh(lambda: record_standing(session.tracker.study, session.summarize()))
    draw = Refresh(
        lambda: record_pictures(session, session.summarize()), pause_seconds=_PICTURE_SECONDS
    )

    def listen(event: Event) -> None:
        if isinstance(event, TrialEnded):
            show()
            draw()
        control.listen(event)

    return Loop(
        trial_store=session.trial_store,
        tracker=session.tracker,
        train=runner,
        count_parameters=session.setup.count_parameters,
        plan=session.plan,
        budget=session.budget,
        control=replace(control, listen=listen),
        roster=roster,
        disproved=session.find_disproved(),
    ).run()
