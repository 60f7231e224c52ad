"""A cache folder of its own for each test, and a file that is fetched into it."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from search.data.download.files import RemoteFile

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
