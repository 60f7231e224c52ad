"""The cache folder, whole files in it, and who may write to a part."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from search.data.download.cache import cache_folder, claim_part, is_whole, sum_of
from search.data.download.files import RemoteFile
from search.errors import DataError


def test_variable_names_the_folder(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache_folder() == cache
    monkeypatch.setenv("GENRE_SEARCH_CACHE", "~/films")
    assert cache_folder() == Path.home() / "films"


@pytest.mark.skipif(sys.platform != "linux", reason="each platform has a folder of its own")
def test_without_it_the_folder_is_the_platforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GENRE_SEARCH_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "genre-search"


@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
def test_file_is_whole_if_its_sum_is_right(tmp_path: Path, algorithm: str) -> None:
    digest = hashlib.new(algorithm, b"abc").hexdigest()
    file = RemoteFile("abc", "http://nowhere.example", digest, algorithm)
    path = tmp_path / "abc"
    assert not is_whole(path, file)
    path.write_bytes(b"ab")
    assert not is_whole(path, file)
    path.write_bytes(b"abc")
    assert is_whole(path, file)


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="expected a readable file, found: Is a directory"):
        sum_of(tmp_path, "sha256")


def test_part_is_for_one_at_a_time_and_others_get_their_own(cache: Path) -> None:
    with claim_part(cache / "film") as part:
        assert part == cache / "film.part"
        with claim_part(cache / "film") as other, claim_part(cache / "film") as third:
            assert len({part, other, third}) == 3
            other.write_bytes(b"begun")
        assert not other.exists()
        part.write_bytes(b"begun")
    assert part.exists()
    with claim_part(cache / "film") as again:
        assert again == part


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such locks")
def test_lock_is_removed_by_its_holder_only(cache: Path) -> None:
    lock = cache / "film.lock"
    with claim_part(cache / "film"):
        with claim_part(cache / "film"):
            assert lock.exists()
        assert lock.exists()
    assert not lock.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such locks")
def test_lock_that_was_removed_while_it_was_opened_claims_nothing(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    take = fcntl.flock

    def take_late(descriptor: int, operation: int) -> None:
        # The holder ends between our opening of the lock and our taking it, and another comes.
        (cache / "film.lock").unlink()
        (cache / "film.lock").touch()
        take(descriptor, operation)

    with monkeypatch.context() as patched:
        patched.setattr(fcntl, "flock", take_late)
        with claim_part(cache / "film") as part:
            assert part != cache / "film.part"
    assert (cache / "film.lock").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such locks")
def test_part_of_a_process_that_died_is_free(cache: Path) -> None:
    program = (
        "import os; from pathlib import Path; from search.data.download.cache import claim_part\n"
        f"with claim_part(Path({str(cache / 'film')!r})) as part: os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 9
    with claim_part(cache / "film") as part:
        assert part == cache / "film.part"


def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(DataError, match="expected a place that can be written") as caught,
        claim_part(tmp_path / "file" / "film"),
    ):
        pass
    assert "GENRE_SEARCH_CACHE" in caught.value.hint
