import sqlite3
from contextlib import closing
from pathlib import Path

import optuna
import pytest
from optuna.study import StudyDirection

from search.engines.store import TEST, MissingStoreError, StudyStore, default_store_url
from search.errors import StudyError

MINIMIZE = ("minimize",)


@pytest.fixture
def store(tmp_path: Path) -> StudyStore:
    return StudyStore(f"sqlite:///{tmp_path / 'studies.db'}")


def test_sqlite_keeps_a_write_ahead_log(store: StudyStore, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "studies.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_an_empty_store_has_no_study(store: StudyStore) -> None:
    assert store.names() == []
    assert not store.exists("films")
    with pytest.raises(StudyError, match=r"studies\.db: expected a study, found none") as error:
        store.find(None)
    assert "genre-search search" in error.value.hint


def test_a_study_is_found_with_its_facts_by_another_process_of_the_store(
    store: StudyStore,
) -> None:
    store.create("films", {"corpus": "netflix", "target": None}, directions=MINIMIZE)
    found = StudyStore(store.url, must_exist=True).find("films")
    assert found.name == "films"
    assert (found.facts["corpus"], found.facts["target"]) == ("netflix", None)


def test_the_latest_study_is_the_one_searched_last(store: StudyStore) -> None:
    store.create("a", {}, directions=MINIMIZE)
    store.create("b", {}, directions=MINIMIZE)
    assert store.names() == ["a", "b"]
    assert store.find(None).name == "b"
    store.stamp("a", {})
    assert store.find(None).name == "a"
    assert store.find("latest").name == "a"


def test_a_reading_of_test_leaves_facts_and_the_order_of_searches(store: StudyStore) -> None:
    store.create("a", {"corpus": "films"}, directions=MINIMIZE)
    store.create("b", {}, directions=MINIMIZE)
    store.record("a", TEST, {"3": {"loss": 0.25}})
    assert store.find("a").test_readings == {"3": {"loss": 0.25}}
    assert store.find("a").facts["corpus"] == "films"
    assert store.find("latest").name == "b"


def test_a_search_that_goes_on_keeps_the_readings_of_test(store: StudyStore) -> None:
    store.create("a", {}, directions=MINIMIZE)
    store.record("a", TEST, {"3": {"loss": 0.25}})
    store.stamp("a", {})
    assert store.find("a").test_readings == {"3": {"loss": 0.25}}


def test_an_unknown_name_lists_the_known_ones(store: StudyStore) -> None:
    store.create("films", {}, directions=MINIMIZE)
    store.create("reviews", {}, directions=MINIMIZE)
    with pytest.raises(StudyError, match=r"there is no study named movies") as error:
        store.find("movies")
    assert error.value.hint == "There are: films, reviews."


def test_each_objective_keeps_its_direction(store: StudyStore) -> None:
    store.create("films", {}, directions=["maximize", "minimize"])
    assert [d.name for d in store.load("films").directions] == ["MAXIMIZE", "MINIMIZE"]


def test_two_studies_of_one_name_are_refused(store: StudyStore) -> None:
    store.create("films", {"corpus": "films"}, directions=MINIMIZE)
    with pytest.raises(StudyError, match="there is a study named films already"):
        store.create("films", {}, directions=MINIMIZE)
    assert store.find("films").facts["corpus"] == "films"


def test_a_study_whose_process_died_before_it_wrote_the_facts_is_taken_up(
    store: StudyStore,
) -> None:
    optuna.create_study(storage=store.storage, study_name="films", direction="minimize")
    store.create("films", {"corpus": "films"}, directions=MINIMIZE)
    assert store.find("films").facts["corpus"] == "films"


@pytest.mark.parametrize("direction", ["minimize", "maximize"])
def test_a_study_that_others_made_is_not_taken_up(store: StudyStore, direction: str) -> None:
    way = StudyDirection[direction.upper()]
    theirs = optuna.create_study(storage=store.storage, study_name="films", direction=way)
    if direction == "minimize":
        theirs.enqueue_trial({"x": 1.0})
    with pytest.raises(StudyError, match="there is a study named films already"):
        store.create("films", {}, directions=MINIMIZE)
    assert store.names() == []


def test_studies_that_others_made_with_optuna_are_not_ours(store: StudyStore) -> None:
    optuna.create_study(storage=store.storage, study_name="theirs")
    assert store.names() == []


def test_a_database_made_just_now_can_be_taken_away_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studies.db'}"
    StudyStore(url).remove_if_new()
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_was_there_is_never_taken_away(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studies.db'}"
    StudyStore(url).create("films", {}, directions=MINIMIZE)
    StudyStore(url).remove_if_new()
    assert StudyStore(url).names() == ["films"]


def test_a_store_that_must_exist_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "studies.db"
    with pytest.raises(MissingStoreError, match="database of studies, found none") as error:
        StudyStore(f"sqlite:///{path}", must_exist=True)
    assert str(path) in error.value.message
    assert "--storage" in error.value.hint
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
    store.create("films", {}, directions=MINIMIZE)
    first, again = store.load("films"), store.load("films")
    assert first._storage is again._storage is store.storage


def test_damage_that_shows_after_opening_is_told(store: StudyStore, tmp_path: Path) -> None:
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
)
def test_studies_lie_beside_mlflows_database(tracking_uri: str, url: str) -> None:
    assert default_store_url(tracking_uri) == url
