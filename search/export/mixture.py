"""Several bundles as one, which predicts the weighted mean. Owns what they have to agree on."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import ExportError
from .bundle import Bundle, read_bundle, write_bundle
from .member import Member

_AGREED = ("task", "label_names", "negative_name", "masked_names")
"""Fields that are the same in all parts of a mixture."""


def mix_bundles(
    parts: Sequence[tuple[Path, float]],
    directory: Path,
    *,
    thresholds: Sequence[float],
    metrics: Mapping[str, Mapping[str, float]],
    origin: Mapping[str, Any],
    notes: Sequence[str] = (),
) -> Bundle:
    """Write a bundle with the members of several others.

    A member's weight is its own times that of its part. A folder whose name is taken gets a number:
    "linear-2".

    Args:
        parts: folders of bundles and their weights, at least one; each weight is above 0 and they
            sum to 1.
        directory: an empty folder.
        thresholds: of the mixture, one a label; none where each text has exactly one label.
        metrics: of the mixture.
        origin: of the mixture.
        notes: sentences for its README.

    Returns:
        The bundle that was written.

    Raises:
        ExportError: a part is no complete bundle, or the parts do not agree on task, labels or
            masked names.
        ValueError: there is no part, or the weights do not sum to 1.
        OSError: a file cannot be copied.
    """
    bundles = [read_bundle(path) for path, _ in parts]
    for (path, _), bundle in zip(parts, bundles, strict=True):
        _check_agreement(parts[0][0], bundles[0], path, bundle)
    members, sources = list[Member](), list[Path]()
    for (path, weight), bundle in zip(parts, bundles, strict=True):
        for member in bundle.members:
            folder = _make_free(member.folder, [other.folder for other in members])
            members.append(replace(member, folder=folder, weight=weight * member.weight))
            sources.append(member.locate(path))
    if not members:
        raise ValueError("expected one part or more, got none")
    mixed = replace(
        bundles[0],
        members=tuple(members),
        thresholds=tuple(thresholds),
        metrics=metrics,
        origin=origin,
        notes=tuple(notes),
    )
    for member, source in zip(members, sources, strict=True):
        shutil.copytree(source, member.locate(directory))
    write_bundle(mixed, directory)
    return mixed


def _check_agreement(first_path: Path, first: Bundle, path: Path, other: Bundle) -> None:
    for name in _AGREED:
        if getattr(first, name) != getattr(other, name):
            raise ExportError(
                f"{path}: expected the same {name.replace('_', ' ')} as in {first_path}, "
                "found others",
                "Mix bundles that were trained on the same data.",
            )


def _make_free(folder: str, taken: Sequence[str]) -> str:
    """Number a folder from 2 on if its name is taken; upper and lower case are the same."""
    names, number, name = {other.lower() for other in taken}, 1, folder
    while name.lower() in names:
        number += 1
        name = f"{folder}-{number}"
    return name
