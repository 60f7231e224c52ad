"""The spaces and presets that come with the package, by name.

Owns where their files are, in the source tree and in an installed wheel, and how a name is
distinguished from a path, and a preset from a space. Knows no schema.
"""

from pathlib import Path

from ..errors import SpaceError
from .codec import make_space
from .files import is_path, read_file
from .preset import Preset, is_preset, make_preset, read_preset
from .problem import suggest_names
from .space import Space

_PACKAGE = Path(__file__).parents[1]
_LISTS = "`genre-search spaces` lists"


def list_spaces() -> tuple[str, ...]:
    """List the names of the spaces that come with the package, sorted."""
    return tuple(sorted(path.stem for path in _find_folder().glob("*.yaml")))


def find_space(source: str) -> Path:
    """Find the file of a shipped space; a `source` with a `/` or a suffix is taken as a path.

    Raises:
        SpaceError: no shipped space has this name. Whether a path exists is not checked.
    """
    if is_path(source):
        return Path(source)
    names = list_spaces()
    if source in names:
        return _find_folder() / f"{source}.yaml"
    if source in list_presets():
        raise SpaceError(
            f"{source}: must be a search space, got a preset",
            f"`genre-search train --preset {source}` trains it; {_LISTS} the shipped spaces.",
        )
    raise SpaceError(
        f"{source}: must be a shipped space ({', '.join(names)}) or the path of a .yaml file; "
        f"{suggest_names(source, names)}",
        f"{_LISTS} the shipped spaces.",
    )


def open_space(source: str) -> Space:
    """Read a space by its shipped name or by the path of its file.

    Raises:
        SpaceError: the name is unknown, or the file cannot be read or has problems.
    """
    return make_space(read_file(find_space(source)), _list_preset_files())


def list_presets() -> tuple[str, ...]:
    """List the names of the presets that come with the package, sorted."""
    return tuple(_list_preset_files())


def find_preset(name: str) -> Path:
    """Find the file of a shipped preset.

    Raises:
        SpaceError: no shipped preset has this name.
    """
    files = _list_preset_files()
    if name in files:
        return files[name]
    if name in list_spaces():
        raise SpaceError(
            f"{name}: must be a preset, got a search space",
            f"`genre-search search --space {name}` searches it; {_LISTS} the presets.",
        )
    raise SpaceError(
        f"{name}: must be a shipped preset; {suggest_names(name, files)}",
        f"{_LISTS} the presets; `genre-search train --params FILE` trains your own.",
    )


def open_preset(name: str) -> Preset:
    """Read a shipped preset.

    Raises:
        SpaceError: no shipped preset has this name.
    """
    return read_preset(find_preset(name))


def find_either(source: str) -> Path:
    """Find the file of a shipped space or preset, or take `source` as the path of a file.

    Raises:
        SpaceError: no shipped space or preset has this name. Whether a path exists is not checked.
    """
    if source in list_presets():
        return find_preset(source)
    if is_path(source) or source in list_spaces():
        return find_space(source)
    raise SpaceError(
        f"{source}: must be a shipped space or preset, or the path of a .yaml file; "
        f"{suggest_names(source, (*list_spaces(), *list_presets()))}",
        f"{_LISTS} the shipped spaces and presets.",
    )


def open_either(source: str) -> Space | Preset:
    """Read a space or a preset by its shipped name or by the path of its file.

    Raises:
        SpaceError: the name is unknown, or the file cannot be read or has problems.
    """
    file = read_file(find_either(source))
    return make_preset(file) if is_preset(file.content) else make_space(file, _list_preset_files())


def _list_preset_files() -> dict[str, Path]:
    """List the files of the shipped presets by name, sorted."""
    files = (_find_folder() / "presets").glob("*.yaml")
    return dict(sorted((path.stem, path) for path in files))


def _find_folder() -> Path:
    # In a wheel the folder is inside the package; in the source tree it is beside the package.
    inside = _PACKAGE / "spaces"
    return inside if inside.is_dir() else _PACKAGE.parent / "spaces"
