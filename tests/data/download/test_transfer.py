"""Bytes from an address into a file, whatever the server does."""

from pathlib import Path

import pytest

from search.data.download.transfer import transfer
from search.errors import DataError
from tests.file_server import FileServer, serving


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "film.part"


def fetched(server: FileServer, part: Path) -> list[tuple[int, int | None]]:
    """Transfer the file, and answer what was told."""
    told: list[tuple[int, int | None]] = []
    with serving(server):
        transfer(f"{server.address}/film", part, lambda done, size: told.append((done, size)))
    return told


def test_all_bytes_come_and_are_told(part: Path, content: bytes) -> None:
    told = fetched(FileServer({"film": content}), part)
    assert part.read_bytes() == content
    assert told[0] == (0, 200_000)
    assert told[-1] == (200_000, 200_000)
    assert told == sorted(told)


def test_part_is_gone_on_with(part: Path, content: bytes) -> None:
    part.write_bytes(content[:70_000])
    server = FileServer({"film": content})
    told = fetched(server, part)
    assert part.read_bytes() == content
    assert server.ranges == ["bytes=70000-"]
    assert (told[0], told[-1]) == ((70_000, 200_000), (200_000, 200_000))


def test_server_without_ranges_begins_anew(part: Path, content: bytes) -> None:
    part.write_bytes(b"x" * 70_000)
    told = fetched(FileServer({"film": content}, knows_ranges=False), part)
    assert part.read_bytes() == content
    assert told[0] == (0, 200_000)


@pytest.mark.parametrize("n_bytes", [200_000, 300_000])
def test_part_that_is_too_long_begins_anew(part: Path, content: bytes, n_bytes: int) -> None:
    part.write_bytes(b"x" * n_bytes)
    server = FileServer({"film": content})
    fetched(server, part)
    assert part.read_bytes() == content
    assert server.ranges == [f"bytes={n_bytes}-", ""]


def test_length_that_is_not_told_is_none(part: Path, content: bytes) -> None:
    told = fetched(FileServer({"film": content}, tells_length=False), part)
    assert part.read_bytes() == content
    assert told[-1] == (200_000, None)


def test_connection_that_ends_early_is_told_and_keeps_what_came(part: Path, content: bytes) -> None:
    with pytest.raises(DataError, match=r"the connection ended after 90,000 of 200,000 bytes"):
        fetched(FileServer({"film": content}, cut_after=90_000), part)
    assert part.read_bytes() == content[:90_000]


def test_other_bytes_than_asked_for_are_refused(part: Path, content: bytes) -> None:
    part.write_bytes(content[:70_000])
    with pytest.raises(DataError, match="found: other bytes than those from 70,000 on"):
        fetched(FileServer({"film": content}, shift=5), part)
    assert part.read_bytes() == content[:70_000]


def test_missing_file_is_told_with_its_status(part: Path) -> None:
    server = FileServer({})
    with pytest.raises(DataError, match=r"/film, found HTTP status 404 Not Found"):
        fetched(server, part)
    assert not part.exists()


def test_no_server_is_told(part: Path) -> None:
    with pytest.raises(DataError, match=r"127\.0\.0\.1:9/film, found no connection: .*refused"):
        transfer("http://127.0.0.1:9/film", part, lambda *_: None)


def test_malformed_address_is_told(part: Path) -> None:
    with pytest.raises(DataError, match="expected the file at http://"):
        transfer("http://127.0.0.1:port/film", part, lambda *_: None)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_full_disk_is_told(content: bytes) -> None:
    with pytest.raises(DataError, match="found: No space left on device"):
        fetched(FileServer({"film": content}), Path("/dev/full"))
