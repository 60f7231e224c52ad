"""The spaces and presets that come with the package, by name.

Owns where they lie, in the source tree and in an installed wheel, and how a name is told from a
path. Knows no schema.
"""

from pathlib import Path

from ..errors import SpaceError
from .codec import read_space
from .preset import Preset, read_preset
from .problem import nearest
from .space import Space

_PACKAGE = Path(__file__).parents[1]


def shipped_names() -> tuple[str, ...]:
    """Name the spaces that come with the package, sorted."""
    return tuple(sorted(path.stem for path in _folder().glob("*.yaml")))


def find_space(source: str) -> Path:
    """Find the file of a shipped name, or take the path of a file: one with a `/` or `.yaml`.

    Raises:
        SpaceError: a name that is not shipped. That a path exists is not looked at.
    """
    if Path(source).suffix in (".yaml", ".yml") or "/" in source or "\\" in source:
        return Path(source)
    if source in shipped_names():
        return _folder() / f"{source}.yaml"
    names = shipped_names()
    raise SpaceError(
        f"{source}: must be a shipped space ({', '.join(names)}) or the path of a .yaml file; "
        f"{nearest(source, names)}",
        "`genre-search spaces` lists the shipped spaces.",
    )


def open_space(source: str) -> Space:
    """Read a space by its shipped name or by the path of its file.

    Raises:
        SpaceError: an unknown name, or a file that cannot be read or has problems.
    """
    return read_space(find_space(source))


def preset_names() -> tuple[str, ...]:
    """Name the presets that come with the package, sorted."""
    return tuple(sorted(path.stem for path in (_folder() / "presets").glob("*.yaml")))


def find_preset(name: str) -> Path:
    """Find the file of a shipped preset.

    Raises:
        SpaceError: none has this name.
    """
    if name in preset_names():
        return _folder() / "presets" / f"{name}.yaml"
    raise SpaceError(
        f"{name}: must be a shipped preset; {nearest(name, preset_names())}",
        "`genre-search spaces` lists the presets; a file of your own is given with --params.",
    )


def open_preset(name: str) -> Preset:
    """Read a shipped preset.

    Raises:
        SpaceError: none has this name.
    """
    return read_preset(find_preset(name))


def _folder() -> Path:
    # A wheel carries the folder inside the package; the source tree has it beside the package.
    inside = _PACKAGE / "spaces"
    return inside if inside.is_dir() else _PACKAGE.parent / "spaces"
