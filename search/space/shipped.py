"""The spaces and presets that come with the package, by name.

Owns where they lie, in the source tree and in an installed wheel, and how a name is told from a
path, a preset from a space. Knows no schema.
"""

from pathlib import Path

from ..errors import SpaceError
from .codec import read_space, space_in
from .files import is_path, read_file
from .preset import Preset, is_preset, preset_in, read_preset
from .problem import nearest
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
    if is_path(source):
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
    return read_space(find_space(source), _preset_files())


def preset_names() -> tuple[str, ...]:
    """Name the presets that come with the package, sorted."""
    return tuple(_preset_files())


def find_preset(name: str) -> Path:
    """Find the file of a shipped preset.

    Raises:
        SpaceError: none has this name.
    """
    files = _preset_files()
    if name in files:
        return files[name]
    if name in shipped_names():
        raise SpaceError(
            f"{name}: must be a preset, got a search space",
            f"`genre-search search --space {name}` searches it; {_LISTS} the presets.",
        )
    raise SpaceError(
        f"{name}: must be a shipped preset; {nearest(name, files)}",
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
    if is_path(source) or source in shipped_names():
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
    file = read_file(find_either(source))
    return preset_in(file) if is_preset(file.content) else space_in(file, _preset_files())


def _preset_files() -> dict[str, Path]:
    """Give the files of the shipped presets by name, sorted."""
    files = (_folder() / "presets").glob("*.yaml")
    return {path.stem: path for path in sorted(files, key=lambda path: path.stem)}


def _folder() -> Path:
    # A wheel carries the folder inside the package; the source tree has it beside the package.
    inside = _PACKAGE / "spaces"
    return inside if inside.is_dir() else _PACKAGE.parent / "spaces"
