"""What every room's tests share."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Answer the folder with the real data; skip where it is not named."""
    folder = os.environ.get("GENRE_SEARCH_DATA")
    if not folder:
        pytest.skip("GENRE_SEARCH_DATA is unset: it names the folder with the real data")
    return Path(folder)
