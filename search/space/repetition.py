"""One entry for the hyperparameters of every layer: `units`, repeated by a count, for units_1 on.

Owns which hyperparameters of the catalogue are numbered, what counts them, and how such an entry
becomes as many dimensions as the count can reach. Knows no schema and no start.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count as count_from

from .condition import Condition
from .dimension import Dimension
from .distribution import Categorical, Distribution, Fixed, described, is_number
from .hyperparameters import CATALOGUE, DEFAULTS
from .problem import Findings, Problem, nearest


def _family(name: str) -> tuple[str, ...]:
    members = []
    for i in count_from(1):
        if f"{name}_{i}" not in CATALOGUE:
            break
        members.append(f"{name}_{i}")
    return tuple(members)


def _counts(members: tuple[str, ...]) -> tuple[str, ...]:
    ranges = {name: (kind.low, kind.high) for name, kind in CATALOGUE.items()}
    return tuple(
        name
        for name, ends in ranges.items()
        if ends == (1, len(members)) and isinstance(DEFAULTS[name], int)
    )


FAMILIES: Mapping[str, tuple[str, ...]] = {
    name.removesuffix("_1"): _family(name.removesuffix("_1"))
    for name in CATALOGUE
    if re.fullmatch(r".+_1", name)
}
"""Numbered hyperparameters, first to last, by the name that they have in common."""
COUNTS: Mapping[str, tuple[str, ...]] = {
    name: _counts(members) for name, members in FAMILIES.items()
}
"""What may count each: whole numbers that the catalogue allows from 1 to how many there are."""


@dataclass(frozen=True, slots=True)
class Unrolled:
    """The entries of a space file with each repeated one written out."""

    dimensions: Mapping[str, Dimension]
    """In the order of the file; members of a family stand where it stood."""
    places: Mapping[str, str]
    """From the key path of what was written out to the one that the file has."""
    problems: tuple[Problem, ...]


def unroll(written: Mapping[str, Dimension], counts: Mapping[str, object]) -> Unrolled:
    """Write out the entries that are repeated.

    The first of a family is always active, the i-th where the count is at least i; conditions of
    the entry hold for each. There are as many as the highest value of the count.

    Args:
        written: by the names of the file.
        counts: what each repeated entry is said to be repeated by.
    """
    found, dimensions, places = Findings(), dict[str, Dimension](), dict[str, str]()
    for name, dimension in written.items():
        if name in FAMILIES:
            found.extend(name, _family_problems(name, dimension, counts.get(name)))
            by = COUNTS[name][0]
            members = _members(name, by, dimension, written)
            dimensions |= members
            places |= {f"{member}.when.{by}": f"{name}.repeat" for member in members}
            places |= dict.fromkeys(members, name)
            continue
        family = next((f for f, members in FAMILIES.items() if name in members), "")
        if family in written:
            found.add(name, f"must be left out, as {family} stands for it")
        else:
            dimensions[name] = dimension
        if name in counts:
            known = nearest(family or name, FAMILIES)
            found.add(
                f"{name}.repeat",
                f"must be left out, as only a numbered family is repeated; {known}",
            )
    return Unrolled(dimensions, places, tuple(found.problems))


def _family_problems(family: str, dimension: Dimension, count: object) -> list[Problem]:
    found = Findings()
    known = " or ".join(COUNTS[family])
    if count is None:
        members = ", ".join(FAMILIES[family])
        found.add("repeat", f"must be given ({known}), or name one of {members}")
    elif count not in COUNTS[family]:
        found.add("repeat", f"must be {known}, which counts them, got {described(count)}")
    for condition in dimension.conditions:
        if condition.parent in COUNTS[family]:
            found.add(f"when.{condition.parent}", "must be left out, as repeat says it")
    return found.problems


def _members(
    family: str, count: str, dimension: Dimension, written: Mapping[str, Dimension]
) -> dict[str, Dimension]:
    own = tuple(c for c in dimension.conditions if c.parent != count)
    n_members = len(FAMILIES[family])
    if count in written:
        n_members = _highest(written[count].distribution, at_most=n_members)
    return {
        member: Dimension(
            dimension.distribution, (*own, Condition(count, ">=", (i,))) if i > 1 else own
        )
        for i, member in enumerate(FAMILIES[family][:n_members], start=1)
    }


def _highest(count: Distribution, *, at_most: int) -> int:
    match count:
        case Fixed(value):
            values: tuple[object, ...] = (value,)
        case Categorical(choices):
            values = choices
        case _:
            values = (count.high,)
    # What is no count, or too high a one, is told where the count stands.
    fitting = [int(v) for v in values if is_number(v, whole=True) and 1 <= v <= at_most]
    return max(fitting, default=at_most)
