"""Spaces from the text of a file."""

from collections.abc import Mapping
from pathlib import Path

from search.space.codec import make_space
from search.space.files import parse_file
from search.space.space import Space


def parse_space(text: str, path: str, presets: Mapping[str, Path] | None = None) -> Space:
    return make_space(parse_file(text, path), presets or {})
