"""Repeated entries: `units` with a count stands for `units_1`, `units_2` and so on.

Owns which hyperparameters of the catalogue are numbered, which hyperparameter counts them, and how
one entry becomes one dimension a layer. Knows no schema and no start.
"""

from collections.abc import Mapping

from .condition import Condition
from .dimension import Dimension
from .distribution import Distribution, Float, Int, list_extremes
from .problem import ProblemCollector
from .value import describe, is_number

FAMILY = "units"
"""The common name of MEMBERS."""
MEMBERS = ("units_1", "units_2", "units_3")
"""The numbered hyperparameters, first to last."""
COUNT = "recurrent_layers"
"""The hyperparameter that counts them: an integer from 1 to their number."""


def unroll(
    written: Mapping[str, Dimension], counts: Mapping[str, object], collector: ProblemCollector
) -> tuple[dict[str, Dimension], dict[str, str]]:
    """Write out the repeated entry.

    The first member of the family is always active, the i-th if the count is at least i. The
    conditions of the entry apply to every member. There are as many members as the highest value
    of the count.

    Args:
        written: the entries of the file, by name.
        counts: the `repeat` of each repeated entry.
        collector: gets the problems of repeated entries.

    Returns:
        The entries in the order of the file, where the members take the place of their entry; and
        the key paths of the members, mapped to those of the file.
    """
    dimensions, places = dict[str, Dimension](), dict[str, str]()
    for name, dimension in written.items():
        path = f"hyperparameters.{name}"
        if name == FAMILY:
            _collect_family_problems(collector, path, dimension, counts.get(name))
            members = _make_members(dimension, written.get(COUNT))
            dimensions |= members
            for member in members:
                places[f"hyperparameters.{member}"] = path
                places[f"hyperparameters.{member}.when.{COUNT}"] = f"{path}.repeat"
            continue
        if name in MEMBERS and FAMILY in written:
            collector.add(path, f"must be left out, because {FAMILY} includes it")
        else:
            dimensions[name] = dimension
        if name in counts:
            text = f"must be left out, because only {FAMILY} can be repeated"
            collector.add(f"{path}.repeat", text)
    return dimensions, places


def _collect_family_problems(
    collector: ProblemCollector, path: str, dimension: Dimension, count: object
) -> None:
    if count is None:
        text = f"must be given ({COUNT}), or name one of {', '.join(MEMBERS)}"
        collector.add(f"{path}.repeat", text)
    elif count != COUNT:
        text = f"must be {COUNT}, which counts them, got {describe(count)}"
        collector.add(f"{path}.repeat", text)
    if any(condition.parent == COUNT for condition in dimension.conditions):
        collector.add(f"{path}.when.{COUNT}", "must be left out, because repeat implies it")


def _make_members(dimension: Dimension, count: Dimension | None) -> dict[str, Dimension]:
    own = tuple(c for c in dimension.conditions if c.parent != COUNT)
    n_members = _find_highest(count.distribution) if count else len(MEMBERS)
    return {
        member: Dimension(
            dimension.distribution, (*own, Condition(COUNT, ">=", (i,))) if i > 1 else own
        )
        for i, member in enumerate(MEMBERS[:n_members], start=1)
    }


def _find_highest(count: Distribution) -> int:
    values = (count.high,) if isinstance(count, Float | Int) else list_extremes(count)
    # A value that is not a count, or is too high, is reported at the count itself.
    fitting = [int(v) for v in values if is_number(v, integer=True) and 1 <= v <= len(MEMBERS)]
    return max(fitting, default=len(MEMBERS))
