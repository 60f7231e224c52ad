from dataclasses import dataclass, field

import pytest

from search.study.refresh import Refresh


@dataclass
class Clock:
    """A clock that goes only when it is told to, and notes when something was written."""

    now: float = 1000.0
    seconds: float = 0.0
    """How long a write takes."""
    writes: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def write(self) -> None:
        self.writes.append(self.now)
        self.now += self.seconds


def test_the_first_call_writes() -> None:
    clock = Clock()
    Refresh(clock.write, pause_seconds=60, clock=clock)()
    assert clock.writes == [1000.0]


def test_a_write_that_takes_no_time_is_made_at_each_call() -> None:
    clock = Clock()
    refresh = Refresh(clock.write, clock=clock)
    for _ in range(3):
        refresh()
    assert clock.writes == [1000.0] * 3


@pytest.mark.parametrize(
    ("seconds", "pause_seconds", "due"),
    [
        pytest.param(0.0, 60.0, 1060.0, id="the pause alone"),
        # A write that takes a twentieth of the time is due 20 times its length after its end.
        pytest.param(2.0, 0.0, 1042.0, id="the share of the time"),
        pytest.param(2.0, 30.0, 1042.0, id="a pause that is shorter than the share"),
        pytest.param(2.0, 50.0, 1052.0, id="a pause that is longer than the share"),
    ],
)
def test_the_next_write_waits_for_the_pause_and_for_a_twentieth_of_the_time(
    seconds: float, pause_seconds: float, due: float
) -> None:
    clock = Clock(seconds=seconds)
    refresh = Refresh(clock.write, pause_seconds=pause_seconds, clock=clock)
    refresh()
    clock.now = due - 0.5
    refresh()
    assert clock.writes == [1000.0]
    clock.now = due
    refresh()
    assert clock.writes == [1000.0, due]


def test_a_write_that_was_slow_once_is_made_often_again_when_it_is_fast() -> None:
    clock = Clock(seconds=2.0)
    refresh = Refresh(clock.write, clock=clock)
    refresh()
    clock.now, clock.seconds = 1042.0, 0.0
    refresh()
    refresh()
    assert clock.writes == [1000.0, 1042.0, 1042.0]
