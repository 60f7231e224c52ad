"""Errors about a file. Owns that each one names the file, and why a file cannot be opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import DataError


@contextmanager
def naming_file(path: Path) -> Iterator[None]:
    """Put the path in front of each error about this file.

    Raises:
        DataError: as the block does; or the file is missing, a folder, or cannot be read.
    """
    try:
        if path.is_dir():
            raise DataError("expected a file, found a folder", "Name one file inside it.")
        yield
    except DataError as error:
        message = f"{path}: {error.message}"
        raise DataError(message, error.hint, parameter=error.parameter) from error
    except FileNotFoundError as error:
        message = f"{path}: expected a file, found nothing there"
        raise DataError(message, f"Check the path; it starts from {Path.cwd()}.") from error
    except OSError as error:
        message = f"{path}: expected a readable file, found: {error.strerror or error}"
        raise DataError(message, "Check the file and its permissions.") from error
