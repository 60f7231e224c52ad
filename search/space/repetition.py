"""Repeated entries: `units` with a count stands for `units_1`, `units_2` and so on.

Owns which hyperparameters of the catalogue are numbered, which hyperparameter counts them, and how
one entry becomes one dimension a layer. Knows no schema and no start.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .condition import Condition
from .dimension import Dimension
from .distribution import Categorical, Distribution, Fixed, describe, is_number
from .problem import Problem, ProblemCollector, suggest_names

FAMILIES: Mapping[str, tuple[str, ...]] = {"units": ("units_1", "units_2", "units_3")}
"""Numbered hyperparameters, first to last, by their common name."""
COUNTS: Mapping[str, str] = {"units": "recurrent_layers"}
"""The hyperparameter that counts each family: an integer from 1 to the number of its members."""


@dataclass(frozen=True, slots=True)
class UnrolledEntries:
    """The entries of a space file, with repeated ones written out."""

    dimensions: Mapping[str, Dimension]
    """In the order of the file; the members of a family take the place of its entry."""
    places: Mapping[str, str]
    """Key paths of the written-out entries, mapped to those of the file."""
    problems: tuple[Problem, ...]


def unroll(written: Mapping[str, Dimension], counts: Mapping[str, object]) -> UnrolledEntries:
    """Write out the repeated entries.

    The first member of a family is always active, the i-th if the count is at least i. The
    conditions of the entry apply to every member. There are as many members as the highest value
    of the count.

    Args:
        written: the entries of the file, by name.
        counts: the `repeat` of each repeated entry.
    """
    collector, dimensions, places = ProblemCollector(), dict[str, Dimension](), dict[str, str]()
    for name, dimension in written.items():
        if name in FAMILIES:
            collector.extend(name, _find_family_problems(name, dimension, counts.get(name)))
            by = COUNTS[name]
            members = _make_members(name, by, dimension, written)
            dimensions |= members
            places |= {f"{member}.when.{by}": f"{name}.repeat" for member in members}
            places |= dict.fromkeys(members, name)
            continue
        family = next((f for f, members in FAMILIES.items() if name in members), "")
        if family in written:
            collector.add(name, f"must be left out, because {family} includes it")
        else:
            dimensions[name] = dimension
        if name in counts:
            known = suggest_names(family or name, FAMILIES)
            collector.add(
                f"{name}.repeat",
                f"must be left out, because only numbered families repeat; {known}",
            )
    return UnrolledEntries(dimensions, places, tuple(collector.problems))


def _find_family_problems(family: str, dimension: Dimension, count: object) -> list[Problem]:
    collector = ProblemCollector()
    known = COUNTS[family]
    if count is None:
        members = ", ".join(FAMILIES[family])
        collector.add("repeat", f"must be given ({known}), or name one of {members}")
    elif count != known:
        collector.add("repeat", f"must be {known}, which counts them, got {describe(count)}")
    for condition in dimension.conditions:
        if condition.parent == known:
            collector.add(f"when.{condition.parent}", "must be left out, because repeat implies it")
    return collector.problems


def _make_members(
    family: str, count: str, dimension: Dimension, written: Mapping[str, Dimension]
) -> dict[str, Dimension]:
    own = tuple(c for c in dimension.conditions if c.parent != count)
    n_members = len(FAMILIES[family])
    if count in written:
        n_members = _find_highest(written[count].distribution, at_most=n_members)
    return {
        member: Dimension(
            dimension.distribution, (*own, Condition(count, ">=", (i,))) if i > 1 else own
        )
        for i, member in enumerate(FAMILIES[family][:n_members], start=1)
    }


def _find_highest(count: Distribution, *, at_most: int) -> int:
    match count:
        case Fixed(value):
            values: tuple[object, ...] = (value,)
        case Categorical(choices):
            values = choices
        case _:
            values = (count.high,)
    # A value that is not a count, or is too high, is reported at the count itself.
    fitting = [int(v) for v in values if is_number(v, integer=True) and 1 <= v <= at_most]
    return max(fitting, default=at_most)
