"""A file is downloaded once, is right or refused, and survives interruptions and company."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from search.data.named.downloads import fetch_all, find_cache_folder
from search.data.named.files import RemoteFile
from search.errors import DataError
from tests.data.named.conftest import CONTENT
from tests.file_server import FileServer, serving
from tests.workspace import ROOT


def fetch_from(
    server: FileServer,
    file: RemoteFile,
    monkeypatch: pytest.MonkeyPatch,
    progress: list[int] | None = None,
) -> Path:
    with serving(server):
        monkeypatch.setenv("GENRE_SEARCH_MIRROR", server.address)
        counts = [] if progress is None else progress
        (path,) = fetch_all([file], lambda name, n_done, n_bytes: counts.append(n_done))
    return path


def test_variable_names_the_folder(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_cache_folder() == cache
    monkeypatch.setenv("GENRE_SEARCH_CACHE", "~/films")
    assert find_cache_folder() == Path.home() / "films"


@pytest.mark.skipif(sys.platform != "linux", reason="each platform has a folder of its own")
def test_without_it_the_folder_is_the_platforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GENRE_SEARCH_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert find_cache_folder() == tmp_path / "genre-search"


def test_file_is_downloaded_once_and_then_opened_silently(
    file: RemoteFile,
    content: bytes,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    server, progress = FileServer({"film.bin": content}), list[int]()
    path = fetch_from(server, file, monkeypatch, progress)
    assert path == cache / "film.bin"
    assert path.read_bytes() == content
    assert progress[-1] == max(progress) == 200_000
    progress.clear()
    assert fetch_from(server, file, monkeypatch, progress) == path
    assert (progress, len(server.requests)) == ([], 1)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("damage", [slice(0, 1_000), slice(1, None)], ids=["cut off", "changed"])
def test_damaged_file_is_downloaded_again(
    file: RemoteFile,
    content: bytes,
    cache: Path,
    damage: slice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache.mkdir()
    (cache / "film.bin").write_bytes(content[damage])
    path = fetch_from(FileServer({"film.bin": content}), file, monkeypatch)
    assert path.read_bytes() == content


@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
def test_hash_is_of_the_algorithm_of_the_file(
    file: RemoteFile, content: bytes, algorithm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = hashlib.new(algorithm, content).hexdigest()
    known = replace(file, algorithm=algorithm, digest=digest)
    assert fetch_from(FileServer({"film.bin": content}), known, monkeypatch).exists()


def test_interrupted_download_leaves_nothing_and_starts_again(
    file: RemoteFile, content: bytes, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_name: str, _n_done: int, _n_bytes: int | None) -> None:
        raise KeyboardInterrupt

    with serving(FileServer({"film.bin": content})) as server:
        monkeypatch.setenv("GENRE_SEARCH_MIRROR", server.address)
        with pytest.raises(KeyboardInterrupt):
            fetch_all([file], interrupt)
    assert [path.name for path in cache.iterdir()] == ["film.bin.lock"]
    assert fetch_from(server, file, monkeypatch).read_bytes() == content


@pytest.mark.parametrize("tells_length", [True, False], ids=["length told", "length not told"])
def test_connection_that_ends_early_leaves_no_file(
    file: RemoteFile,
    content: bytes,
    cache: Path,
    tells_length: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = FileServer({"film.bin": content}, cut_after=90_000, tells_length=tells_length)
    with pytest.raises(DataError, match=r"film\.bin: expected") as caught:
        fetch_from(server, file, monkeypatch)
    assert "film.bin elsewhere" in caught.value.hint
    assert not (cache / "film.bin").exists()


def test_wrong_content_is_refused_and_not_kept(
    file: RemoteFile, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of the three letters "abc": FIPS 180-2, appendix B.1.
    found = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    with pytest.raises(DataError, match=f"SHA256 hash {file.digest}") as caught:
        fetch_from(FileServer({"film.bin": b"abc"}), file, monkeypatch)
    assert found in caught.value.message
    assert "The same command downloads it again." in caught.value.hint
    assert not (cache / "film.bin").exists()


def test_two_processes_at_once_both_get_the_file_and_one_downloads_it(
    file: RemoteFile, content: bytes, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = (
        "from search.data.named.downloads import fetch_all\n"
        "from search.data.named.files import RemoteFile\n"
        "print('asking', flush=True)\n"
        f"(path,) = fetch_all([{file!r}])\n"
        "assert len(path.read_bytes()) == 200_000"
    )
    others: list[subprocess.Popen[str]] = []

    def start_another(_name: str, _n_done: int, _n_bytes: int | None) -> None:
        if not others:
            command = [sys.executable, "-c", program]
            others.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
            assert others[0].stdout is not None
            assert others[0].stdout.readline() == "asking\n"

    with serving(FileServer({"film.bin": content})) as server:
        monkeypatch.setenv("GENRE_SEARCH_MIRROR", server.address)
        (path,) = fetch_all([file], start_another)
        others[0].communicate()
    assert path.read_bytes() == content
    assert others[0].returncode == 0
    assert server.requests == ["film.bin"]


def test_without_network_the_message_says_what_to_do(file: RemoteFile, cache: Path) -> None:
    with pytest.raises(DataError, match=r"film\.bin: .*http.*no connection.*refused") as caught:
        fetch_all([file])
    for part in ("film.bin elsewhere", str(cache / "film.bin"), "GENRE_SEARCH_MIRROR"):
        assert part in caught.value.hint


def test_without_network_a_wrong_file_in_its_place_is_named(file: RemoteFile, cache: Path) -> None:
    cache.mkdir()
    (cache / "film.bin").write_bytes(b"another")
    with pytest.raises(DataError) as caught:
        fetch_all([file])
    assert "what lies there now as film.bin has another hash" in caught.value.hint
    assert (cache / "film.bin").read_bytes() == b"another"


def test_error_names_all_files_that_are_not_there_whole(file: RemoteFile, cache: Path) -> None:
    others = [replace(file, name=name) for name in ("whole.bin", "damaged.bin", "missing.bin")]
    cache.mkdir()
    (cache / "whole.bin").write_bytes(CONTENT)
    (cache / "damaged.bin").write_bytes(CONTENT[1:])
    with pytest.raises(DataError) as caught:
        fetch_all([file, *others])
    assert "film.bin, damaged.bin, missing.bin elsewhere" in caught.value.hint
    assert f"into {cache}" in caught.value.hint
    assert "whole.bin" not in caught.value.hint


def test_missing_at_the_mirror_is_worded(file: RemoteFile, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match="HTTP status 404"):
        fetch_from(FileServer({}), file, monkeypatch)


def test_cache_folder_that_cannot_be_written_is_worded(
    file: RemoteFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GENRE_SEARCH_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(DataError, match="expected a place that can be written") as caught:
        fetch_all([file])
    assert "GENRE_SEARCH_CACHE" in caught.value.hint


def test_folder_in_the_place_of_the_file_is_worded(file: RemoteFile, cache: Path) -> None:
    (cache / "film.bin").mkdir(parents=True)
    with pytest.raises(DataError, match=r"film\.bin: expected a readable file"):
        fetch_all([file])
