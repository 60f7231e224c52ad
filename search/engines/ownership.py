"""Which process runs a trial, and whether it still lives. Owns that; knows no study."""

import os
import socket
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import psutil

from ..space.hyperparameters import Value

_UNOWNED_SECONDS = 60.0
"""Age from which a running trial without an owner is dead: it is owned within milliseconds."""
_CLOCK_SLACK_SECONDS = 2.0
"""The time at which a process began moves when the clock is set (psutil 7.2 adds the boot time,
which Linux derives from the clock); no process id comes round again this fast."""


def this_process() -> dict[str, Value]:
    """Describe the process that calls, as JSON has it."""
    process = psutil.Process(os.getpid())
    return {"host": socket.gethostname(), "pid": process.pid, "born": process.create_time()}


def is_dead(owner: Mapping[str, Any] | None, started: datetime | None) -> bool:
    """Tell whether the process that runs a trial has ended; of other machines nothing is known.

    Args:
        owner: what `this_process` gave; None where none was noted, as of a process that died
            between two writes.
        started: when the trial began.
    """
    if owner is None:
        age = datetime.now() - (started or datetime.now())
        return age.total_seconds() > _UNOWNED_SECONDS
    if owner["host"] != socket.gethostname():
        return False
    try:
        process = psutil.Process(owner["pid"])
        # A killed process stays a zombie where its parent does not reap it, as in a container.
        if process.status() == psutil.STATUS_ZOMBIE:
            return True
        return bool(abs(process.create_time() - owner["born"]) > _CLOCK_SLACK_SECONDS)
    except psutil.NoSuchProcess:
        return True
