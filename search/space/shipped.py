"""The spaces and presets that come with the package, by name.

Owns where they lie, in the source tree and in an installed wheel, and how a name is told from a
path, a preset from a space. Knows no schema.
"""

from pathlib import Path

from ..errors import SpaceError
from .codec import read_space, read_text
from .document import read_document
from .preset import Preset, is_preset, read_preset
from .problem import Refused, nearest
from .space import Space

_PACKAGE = Path(__file__).parents[1]
_LISTS = "`genre-search spaces` lists"


def shipped_names() -> tuple[str, ...]:
    """Name the spaces that come with the package, sorted."""
    return tuple(sorted(path.stem for path in _folder().glob("*.yaml")))


def find_space(source: str) -> Path:
    """Find the file of a shipped name, or take the path of a file: one with a `/` or `.yaml`.

    Raises:
        SpaceError: a name that is not shipped. That a path exists is not looked at.
    """
    if _is_path(source):
        return Path(source)
    names = shipped_names()
    if source in names:
        return _folder() / f"{source}.yaml"
    if source in preset_names():
        raise SpaceError(
            f"{source}: must be a search space, got a preset",
            f"`genre-search train --preset {source}` trains it; {_LISTS} the shipped spaces.",
        )
    raise SpaceError(
        f"{source}: must be a shipped space ({', '.join(names)}) or the path of a .yaml file; "
        f"{nearest(source, names)}",
        f"{_LISTS} the shipped spaces.",
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
    if name in shipped_names():
        raise SpaceError(
            f"{name}: must be a preset, got a search space",
            f"`genre-search search --space {name}` searches it; {_LISTS} the presets.",
        )
    raise SpaceError(
        f"{name}: must be a shipped preset; {nearest(name, preset_names())}",
        f"{_LISTS} the presets; a file of your own is given with --params.",
    )


def open_preset(name: str) -> Preset:
    """Read a shipped preset.

    Raises:
        SpaceError: none has this name.
    """
    return read_preset(find_preset(name))


def find_either(source: str) -> Path:
    """Find the file of a shipped space or preset, or take the path of a file.

    Raises:
        SpaceError: a name that is neither. That a path exists is not looked at.
    """
    if source in preset_names():
        return find_preset(source)
    if _is_path(source) or source in shipped_names():
        return find_space(source)
    raise SpaceError(
        f"{source}: must be a shipped space or preset, or the path of a .yaml file; "
        f"{nearest(source, (*shipped_names(), *preset_names()))}",
        f"{_LISTS} the shipped spaces and presets.",
    )


def open_either(source: str) -> Space | Preset:
    """Read a space or a preset by its shipped name or by the path of its file.

    Raises:
        SpaceError: an unknown name, or a file that cannot be read or has problems.
    """
    path = find_either(source)
    try:
        document, _ = read_document(read_text(path))
    except Refused:
        # Not YAML, which the reading of a space tells.
        document = None
    return read_preset(path) if is_preset(document) else read_space(path)


def _is_path(source: str) -> bool:
    return Path(source).suffix in (".yaml", ".yml", ".json") or "/" in source or "\\" in source


def _folder() -> Path:
    # A wheel carries the folder inside the package; the source tree has it beside the package.
    inside = _PACKAGE / "spaces"
    return inside if inside.is_dir() else _PACKAGE.parent / "spaces"
