"""A cache folder of its own for each test, and files that are downloaded into it."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from search.data.named.files import RemoteFile
from tests.file_server import FileServer, serving

CONTENT = np.random.default_rng(0).bytes(200_000)
"""More than three of the chunks that are read at once."""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("GENRE_SEARCH_CACHE", str(folder))
    monkeypatch.delenv("GENRE_SEARCH_MIRROR", raising=False)
    # A proxy of whoever runs the tests knows nothing of this machine.
    monkeypatch.setenv("no_proxy", "*")
    return folder


@pytest.fixture
def content() -> bytes:
    return CONTENT


@pytest.fixture
def file() -> RemoteFile:
    """A file whose home is a port on which nobody answers: tests name a mirror."""
    return RemoteFile("film.bin", "http://127.0.0.1:9", hashlib.sha256(CONTENT).hexdigest())


class Mirror:
    """A server of files that stands in for their homes."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def add(self, *paths: Path) -> list[RemoteFile]:
        """Serve these files, each known by its hash."""
        self.files.update({path.name: path.read_bytes() for path in paths})
        return [
            RemoteFile(
                path.name, "http://127.0.0.1:9", hashlib.sha256(self.files[path.name]).hexdigest()
            )
            for path in paths
        ]


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    mirror = Mirror()
    with serving(FileServer(mirror.files)) as server:
        monkeypatch.setenv("GENRE_SEARCH_MIRROR", server.address)
        yield mirror
