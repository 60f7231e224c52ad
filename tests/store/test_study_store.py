import sqlite3
from contextlib import closing
from pathlib import Path

import optuna
import pytest
from optuna.study import StudyDirection

from search.errors import StudyError
from search.store.study_store import MissingStoreError, StudyStore, default_store_url
from search.trial.candidate import SealedReading
from search.trial.objective import Direction
from tests.store.settings import make_settings

MINIMIZE: tuple[Direction, ...] = ("minimize",)
NETFLIX = make_settings(corpus="netflix")
READINGS = {"1 run": SealedReading("#3 gru 8", {"loss": 0.25})}


def test_sqlite_keeps_a_write_ahead_log(store: StudyStore, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "studies.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_an_empty_store_has_no_study(store: StudyStore) -> None:
    assert store.names() == []
    assert store.read("films") is None
    with pytest.raises(StudyError, match=r"studies\.db: .* found none") as error:
        store.find(None)
    assert "genre-search search" in error.value.hint


def test_another_process_finds_a_study_with_its_settings(store: StudyStore) -> None:
    store.create("films", NETFLIX, directions=MINIMIZE)
    found = StudyStore(store.url, must_exist=True).find("films")
    assert (found.name, found.settings) == ("films", NETFLIX)


def test_the_latest_study_is_the_one_searched_last(store: StudyStore) -> None:
    store.create("a", make_settings(), directions=MINIMIZE)
    store.create("b", make_settings(), directions=MINIMIZE)
    assert store.names() == ["a", "b"]
    assert store.find(None).name == "b"
    store.write_settings("a", make_settings())
    assert store.find(None).name == "a"
    assert store.find("latest").name == "a"


def test_reading_the_test_split_changes_neither_settings_nor_the_latest_study(
    store: StudyStore,
) -> None:
    store.create("a", NETFLIX, directions=MINIMIZE)
    store.create("b", make_settings(), directions=MINIMIZE)
    store.write_test_readings("a", READINGS)
    assert store.find("a").test_readings == READINGS
    assert store.find("a").settings == NETFLIX
    assert store.find("latest").name == "b"


def test_a_resumed_study_keeps_its_readings_of_the_test_split(store: StudyStore) -> None:
    store.create("a", make_settings(), directions=MINIMIZE)
    store.write_test_readings("a", READINGS)
    store.write_settings("a", make_settings())
    assert store.find("a").test_readings == READINGS


def test_an_unknown_name_lists_the_known_ones(store: StudyStore) -> None:
    store.create("films", make_settings(), directions=MINIMIZE)
    store.create("reviews", make_settings(), directions=MINIMIZE)
    with pytest.raises(StudyError, match="no study named movies") as error:
        store.find("movies")
    assert "films, reviews" in error.value.hint


def test_each_objective_keeps_its_direction(store: StudyStore) -> None:
    store.create("films", make_settings(), directions=["maximize", "minimize"])
    assert [d.name for d in store.load("films").directions] == ["MAXIMIZE", "MINIMIZE"]


def test_two_studies_of_one_name_are_refused(store: StudyStore) -> None:
    store.create("films", NETFLIX, directions=MINIMIZE)
    with pytest.raises(StudyError, match="a study named films already"):
        store.create("films", make_settings(), directions=MINIMIZE)
    assert store.find("films").settings == NETFLIX


def test_a_study_whose_process_died_before_it_wrote_the_settings_is_completed(
    store: StudyStore,
) -> None:
    optuna.create_study(storage=store.storage, study_name="films", direction="minimize")
    store.create("films", NETFLIX, directions=MINIMIZE)
    assert store.find("films").settings == NETFLIX


@pytest.mark.parametrize(
    "direction", ["minimize", "maximize"], ids=["with-a-trial", "another-direction"]
)
def test_a_study_that_others_made_is_not_overwritten(store: StudyStore, direction: str) -> None:
    way = StudyDirection[direction.upper()]
    theirs = optuna.create_study(storage=store.storage, study_name="films", direction=way)
    if direction == "minimize":
        theirs.enqueue_trial({"x": 1.0})
    with pytest.raises(StudyError, match="a study named films already"):
        store.create("films", make_settings(), directions=MINIMIZE)
    assert store.names() == []


def test_studies_that_others_made_with_optuna_are_not_ours(store: StudyStore) -> None:
    optuna.create_study(storage=store.storage, study_name="theirs")
    assert store.names() == []


def test_a_database_made_just_now_can_be_removed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studies.db'}"
    StudyStore(url).remove_if_new()
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_was_there_is_never_removed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studies.db'}"
    StudyStore(url).create("films", make_settings(), directions=MINIMIZE)
    StudyStore(url).remove_if_new()
    assert StudyStore(url).names() == ["films"]


def test_a_store_that_must_exist_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "studies.db"
    with pytest.raises(MissingStoreError, match="found none") as error:
        StudyStore(f"sqlite:///{path}", must_exist=True)
    assert str(path) in error.value.message
    assert "`storage`" in error.value.hint
    assert not path.exists()


def test_an_empty_file_is_filled_but_is_no_store_that_exists(tmp_path: Path) -> None:
    path = tmp_path / "studies.db"
    path.touch()
    with pytest.raises(MissingStoreError):
        StudyStore(f"sqlite:///{path}", must_exist=True)
    assert path.stat().st_size == 0
    assert StudyStore(f"sqlite:///{path}").names() == []
    assert path.stat().st_size > 0


def test_all_studies_of_a_store_share_one_cache(store: StudyStore) -> None:
    store.create("films", make_settings(), directions=MINIMIZE)
    first, again = store.load("films"), store.load("films")
    assert first._storage is again._storage is store.storage


def test_damage_that_shows_after_opening_is_reported(store: StudyStore, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "studies.db")) as connection:
        connection.execute("DROP TABLE study_user_attributes")
    with pytest.raises(StudyError, match=r"studies\.db: could not be read: .*no such table"):
        store.names()


@pytest.mark.parametrize(
    ("tracking_uri", "url"),
    [
        ("sqlite:///mlflow.db", "sqlite:///studies.db"),
        ("sqlite:////home/ann/films/mlflow.db", "sqlite:////home/ann/films/studies.db"),
        ("sqlite:///runs/mlflow.db", "sqlite:///runs/studies.db"),
        ("http://tracking:5000", "sqlite:///studies.db"),
    ],
    ids=["here", "absolute", "relative", "server"],
)
def test_studies_lie_beside_mlflows_database(tracking_uri: str, url: str) -> None:
    assert default_store_url(tracking_uri) == url
