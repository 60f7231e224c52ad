"""What each module of the package imports, read from its source without running it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.workspace import ROOT

PACKAGE = ROOT / "search"


def modules() -> dict[str, Path]:
    """List the modules of the package by name."""
    return {_name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imports_of(name: str, path: Path) -> set[str]:
    """List the modules that a module imports anywhere in it, those of the package in full.

    `from . import a` counts as importing `a` where that is a module, else as importing the package.
    """
    known = modules()
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for base, names in _targets(node, name, path):
            inner = {f"{base}.{child}" for child in names} & set(known)
            found |= inner or {base}
    return found


def room_of(name: str) -> str:
    """Name the room of a module: `search.data.split` is in `data`, `search` in none ("")."""
    return ".".join(name.split(".")[1:2])


def _name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _targets(node: ast.AST, name: str, path: Path) -> Iterator[tuple[str, list[str]]]:
    if isinstance(node, ast.Import):
        yield from ((alias.name, []) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            # The package that a relative import starts from: one level is the module's own.
            depth = node.level - (path.name == "__init__.py")
            home = name.split(".")[: len(name.split(".")) - depth]
            base = ".".join([*home, *([base] if base else [])])
        yield base, [alias.name for alias in node.names]
