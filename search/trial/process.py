"""Which process runs something, and whether it still lives."""

import socket
from dataclasses import asdict, dataclass
from typing import Any, Self

import psutil

_CLOCK_SLACK_SECONDS = 2.0
"""The time at which a process began moves when the clock is set (psutil 7.2 adds the boot time,
which Linux derives from the clock); no process id is reused this fast."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process of some machine."""

    host: str
    pid: int
    born: float
    """When it began, seconds since 1970; tells it from an earlier process with the same id."""

    @classmethod
    def current(cls) -> Self:
        """Describe the process that calls."""
        process = psutil.Process()
        return cls(socket.gethostname(), process.pid, process.create_time())

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read what `str` wrote; None where it is something else."""
        try:
            host, pid, born = text.rsplit(" ", 2)
            return cls(host, int(pid), float(born))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.host} {self.pid} {self.born!r}"

    def as_dict(self) -> dict[str, Any]:
        """Give the fields as JSON has them."""
        return asdict(self)

    @property
    def is_here(self) -> bool:
        """Whether it is of this machine."""
        return self.host == socket.gethostname()

    def is_dead(self) -> bool:
        """Tell whether it has ended; of a process of another machine nothing is known."""
        if not self.is_here:
            return False
        try:
            process = psutil.Process(self.pid)
            # A killed process stays a zombie where its parent does not reap it, as in a container.
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
            return bool(abs(process.create_time() - self.born) > _CLOCK_SLACK_SECONDS)
        except psutil.NoSuchProcess:
            return True
