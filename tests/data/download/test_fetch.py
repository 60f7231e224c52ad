"""A file is fetched once, is right or refused, and survives interruptions and company."""

from dataclasses import replace
from pathlib import Path

import pytest

from search.data.download.fetch import fetch
from search.data.download.files import RemoteFile
from search.errors import DataError
from tests.data.download.conftest import CONTENT
from tests.file_server import FileServer, serving


def fetch_from(
    mirror: FileServer, file: RemoteFile, monkeypatch: pytest.MonkeyPatch, told: list[int]
) -> Path:
    with serving(mirror):
        monkeypatch.setenv("GENRE_SEARCH_MIRROR", mirror.address)
        return fetch(file, lambda name, n_done, n_bytes: told.append(n_done))


def test_file_is_fetched_once_and_then_opened_without_a_word(
    file: RemoteFile, content: bytes, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror, told = FileServer({"film.bin": content}), list[int]()
    path = fetch_from(mirror, file, monkeypatch, told)
    assert path == cache / "film.bin"
    assert path.read_bytes() == content
    assert told[-1] == 200_000
    told.clear()
    assert fetch_from(mirror, file, monkeypatch, told) == path
    assert (told, len(mirror.ranges)) == ([], 1)
    assert not (cache / "film.bin.part").exists()


@pytest.mark.parametrize("damage", [slice(0, 1_000), slice(1, None)], ids=["cut off", "changed"])
def test_damaged_file_is_fetched_again(
    file: RemoteFile,
    content: bytes,
    cache: Path,
    damage: slice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache.mkdir()
    (cache / "film.bin").write_bytes(content[damage])
    path = fetch_from(FileServer({"film.bin": content}), file, monkeypatch, [])
    assert path.read_bytes() == content


def test_interruption_leaves_a_part_that_the_next_call_goes_on_with(
    file: RemoteFile, content: bytes, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror, told = FileServer({"film.bin": content}), list[int]()

    def interrupt(_name: str, n_done: int, _n_bytes: int | None) -> None:
        if n_done:
            raise KeyboardInterrupt

    with serving(mirror):
        monkeypatch.setenv("GENRE_SEARCH_MIRROR", mirror.address)
        with pytest.raises(KeyboardInterrupt):
            fetch(file, interrupt)
    n_there = (cache / "film.bin.part").stat().st_size
    assert 0 < n_there < 200_000
    assert fetch_from(mirror, file, monkeypatch, told).read_bytes() == content
    assert mirror.ranges == ["", f"bytes={n_there}-"]
    assert told[0] == n_there


def test_connection_that_ends_early_is_gone_on_with(
    file: RemoteFile, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DataError, match=r"film\.bin: .*ended after 90,000 of 200,000") as caught:
        fetch_from(FileServer({"film.bin": content}, cut_after=90_000), file, monkeypatch, [])
    assert caught.value.hint.startswith("The same command goes on with what has come.")
    told: list[int] = []
    fetch_from(FileServer({"film.bin": content}), file, monkeypatch, told)
    assert told[0] == 90_000


def test_part_that_is_whole_needs_no_network(file: RemoteFile, content: bytes, cache: Path) -> None:
    cache.mkdir()
    (cache / "film.bin.part").write_bytes(content)
    assert fetch(file).read_bytes() == content


def test_wrong_sum_is_told_and_the_part_removed(
    file: RemoteFile, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of the three letters "abc": FIPS 180-2, appendix B.1.
    found = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    with pytest.raises(DataError, match=f"SHA256 sum {file.digest}, found {found} in") as caught:
        fetch_from(FileServer({"film.bin": b"abc"}), file, monkeypatch, [])
    assert "it was removed" in caught.value.message
    assert caught.value.hint.startswith("The same command fetches it anew.")
    assert not list(cache.glob("film.bin*.part"))
    assert not (cache / "film.bin").exists()


def test_two_at_once_both_get_the_file(
    file: RemoteFile, content: bytes, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[bytes] = []

    def fetch_meanwhile(_name: str, n_done: int, _n_bytes: int | None) -> None:
        if n_done and not met:
            met.append(fetch(file).read_bytes())

    with serving(FileServer({"film.bin": content})) as mirror:
        monkeypatch.setenv("GENRE_SEARCH_MIRROR", mirror.address)
        path = fetch(file, fetch_meanwhile)
    assert (path.read_bytes(), met) == (content, [content])
    assert sorted(entry.name for entry in cache.iterdir()) == ["film.bin"]


def test_without_network_the_message_says_what_to_do(file: RemoteFile, cache: Path) -> None:
    with pytest.raises(DataError, match=r"film\.bin: expected the file at http.*refused") as caught:
        fetch(file)
    assert caught.value.hint == (
        f"Fetch film.bin elsewhere and put it at {cache / 'film.bin'}, or give the address of a "
        "folder that has it in GENRE_SEARCH_MIRROR."
    )


def test_without_network_a_wrong_file_in_its_place_is_told(file: RemoteFile, cache: Path) -> None:
    cache.mkdir()
    (cache / "film.bin").write_bytes(b"another")
    with pytest.raises(DataError) as caught:
        fetch(file)
    assert "(what lies there now as film.bin has another sum)" in caught.value.hint
    assert (cache / "film.bin").read_bytes() == b"another"


def test_error_names_the_others_that_are_not_there_whole(file: RemoteFile, cache: Path) -> None:
    others = [replace(file, name=name) for name in ("whole.bin", "damaged.bin", "missing.bin")]
    cache.mkdir()
    (cache / "whole.bin").write_bytes(CONTENT)
    (cache / "damaged.bin").write_bytes(CONTENT[1:])
    with pytest.raises(DataError) as caught:
        fetch(file, others=others)
    assert caught.value.hint == (
        f"Fetch film.bin, damaged.bin, missing.bin elsewhere and put them into {cache} (what lies "
        "there now as damaged.bin has another sum), or give the address of a folder that has them "
        "in GENRE_SEARCH_MIRROR."
    )


def test_missing_at_the_mirror_is_told(file: RemoteFile, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match="HTTP status 404"):
        fetch_from(FileServer({}), file, monkeypatch, [])


def test_cache_folder_that_cannot_be_written_is_told(
    file: RemoteFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GENRE_SEARCH_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(DataError, match="expected a place that can be written"):
        fetch(file)
