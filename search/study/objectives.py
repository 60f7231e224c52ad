"""What a study searches for: one objective, or several that no trial can all be best at.

Owns their names, directions and what it takes for one trial to be better than another; knows no
store. The first is a measure of quality, by which the best epoch of a trial is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import le
from typing import Self

from ..errors import StudyError
from ..space.problem import nearest
from ..training.history import Objective

METRICS = {
    Objective.VAL_LOSS.value: Objective.VAL_LOSS.metric,
    Objective.MACRO_F1.value: Objective.MACRO_F1.metric,
    "parameters": "parameters",
    "seconds": "seconds",
    "gap": "gap",
}
"""Metric of a trial under which each objective is recorded."""
_QUALITIES = tuple(objective.value for objective in Objective)


@dataclass(frozen=True, slots=True)
class Objectives:
    """The objectives of a study, at least one."""

    names: tuple[str, ...]
    """All different; the first is `val_loss` or `macro_f1`."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read names separated by commas; the first measure of quality is moved to the front.

        Raises:
            StudyError: a name is unknown or stands twice, or none measures quality.
        """
        names = [name.strip() for name in text.split(",")]
        for index, name in enumerate(names):
            if name not in METRICS:
                raise StudyError(
                    f"--objective: expected some of {', '.join(METRICS)}, got {name!r}",
                    f"{nearest(name, METRICS).capitalize()}.",
                )
            if name in names[:index]:
                raise StudyError(
                    f"--objective: expected each name once, got {name} twice",
                    "Leave one of them out.",
                )
        qualities = [name for name in names if name in _QUALITIES]
        if not qualities:
            raise StudyError(
                f"--objective: expected val_loss or macro_f1 among the objectives, got {text}",
                f"Say what the network shall be good at, such as --objective val_loss,{names[0]}.",
            )
        first = qualities[0]
        return cls((first, *(name for name in names if name != first)))

    def __str__(self) -> str:
        return ",".join(self.names)

    @property
    def first(self) -> Objective:
        """The measure of quality that epochs are chosen by, and a target is held against."""
        return Objective(self.names[0])

    @property
    def are_several(self) -> bool:
        """Whether there is a front of trials instead of a best one."""
        return len(self.names) > 1

    @property
    def directions(self) -> tuple[str, ...]:
        """`minimize` or `maximize` for each."""
        is_maximized = (name == Objective.MACRO_F1.value for name in self.names)
        return tuple("maximize" if yes else "minimize" for yes in is_maximized)

    def values(self, value: float, metrics: Mapping[str, float]) -> tuple[float, ...]:
        """Collect what a trial came to.

        Args:
            value: of the first objective.
            metrics: of the trial, with those of the other objectives among them.
        """
        return (value, *(float(metrics[METRICS[name]]) for name in self.names[1:]))

    def costs(self, values: Sequence[float]) -> tuple[float, ...]:
        """Give what a trial came to so that less is better in everything.

        Raises:
            ValueError: there are more or fewer values than objectives.
        """
        pairs = zip(self.directions, values, strict=True)
        return tuple(value if direction == "minimize" else -value for direction, value in pairs)

    def dominates(self, one: Sequence[float], other: Sequence[float]) -> bool:
        """Tell whether one trial is at least as good in everything, and better in something."""
        costs, others = self.costs(one), self.costs(other)
        return costs != others and all(map(le, costs, others))
