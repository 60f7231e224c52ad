"""The checkpoints of a study's trials, read back from their runs."""

from pathlib import Path

from ..errors import TrackingError
from ..tracking.trainings import CHECKPOINT_PATH
from .session import Session


def fetch_checkpoint(session: Session, number: int, directory: Path) -> Path | None:
    """Copy the checkpoint of a trial into a directory; give its folder, None where it is gone."""
    trial = next(trial for trial in session.trials if trial.number == number)
    if not trial.has_checkpoint:
        return None
    try:
        return session.server.record(trial.run_id).download(CHECKPOINT_PATH, directory)
    except TrackingError:
        return None
