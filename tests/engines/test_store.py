import sqlite3
from contextlib import closing
from pathlib import Path

import optuna
import pytest

from search.engines.store import TEST, StudyStore, default_store_url
from search.errors import StudyError


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
    store.create("films", {"corpus": "netflix", "target": None}, is_minimized=True)
    found = StudyStore(store.url, must_exist=True).find("films")
    assert found.name == "films"
    assert (found.facts["corpus"], found.facts["target"]) == ("netflix", None)


def test_the_latest_study_is_the_one_searched_last(store: StudyStore) -> None:
    store.create("a", {}, is_minimized=True)
    store.create("b", {}, is_minimized=True)
    assert store.names() == ["a", "b"]
    assert store.find(None).name == "b"
    store.stamp("a", {})
    assert store.find(None).name == "a"
    assert store.find("latest").name == "a"


def test_a_reading_of_test_leaves_facts_and_the_order_of_searches(store: StudyStore) -> None:
    store.create("a", {"corpus": "films"}, is_minimized=True)
    store.create("b", {}, is_minimized=True)
    store.record("a", TEST, {"3": {"loss": 0.25}})
    assert store.find("a").test_readings == {"3": {"loss": 0.25}}
    assert store.find("a").facts["corpus"] == "films"
    assert store.find("latest").name == "b"


def test_a_search_that_goes_on_keeps_the_readings_of_test(store: StudyStore) -> None:
    store.create("a", {}, is_minimized=True)
    store.record("a", TEST, {"3": {"loss": 0.25}})
    store.stamp("a", {})
    assert store.find("a").test_readings == {"3": {"loss": 0.25}}


def test_an_unknown_name_lists_the_known_ones(store: StudyStore) -> None:
    store.create("films", {}, is_minimized=True)
    store.create("reviews", {}, is_minimized=True)
    with pytest.raises(StudyError, match=r"there is no study named movies") as error:
        store.find("movies")
    assert error.value.hint == "There are: films, reviews."


@pytest.mark.parametrize(("is_minimized", "direction"), [(True, "MINIMIZE"), (False, "MAXIMIZE")])
def test_the_direction_is_kept(store: StudyStore, is_minimized: bool, direction: str) -> None:
    store.create("films", {}, is_minimized=is_minimized)
    assert store.load("films").direction.name == direction


def test_studies_that_others_made_with_optuna_are_not_ours(store: StudyStore) -> None:
    optuna.create_study(storage=store.storage, study_name="theirs")
    assert store.names() == []


def test_a_database_made_just_now_can_be_taken_away_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studies.db'}"
    StudyStore(url).remove_if_new()
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_was_there_is_never_taken_away(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studies.db'}"
    StudyStore(url).create("films", {}, is_minimized=True)
    StudyStore(url).remove_if_new()
    assert StudyStore(url).names() == ["films"]


def test_a_store_that_must_exist_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "studies.db"
    with pytest.raises(StudyError, match="expected a database of studies, found none") as error:
        StudyStore(f"sqlite:///{path}", must_exist=True)
    assert str(path) in error.value.message
    assert "--storage" in error.value.hint
    assert not path.exists()


def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no database, but a text that is long enough to be looked at\n" * 20)
    before = path.read_bytes()
    with pytest.raises(StudyError, match=r"notes\.txt: expected a database of studies.*not a data"):
        StudyStore(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('1b5f0d9ad7c1')")
        connection.commit()
    with pytest.raises(StudyError, match=r"mlflow\.db: expected a database of studies"):
        StudyStore(f"sqlite:///{path}")


@pytest.mark.parametrize(
    "url", ["studies", "nosuchdatabase://host/studies", "sqlite:////nowhere/at/all/studies.db"]
)
def test_an_address_where_nothing_answers_is_told_with_an_example(url: str) -> None:
    with pytest.raises(StudyError, match="expected a database of studies, got") as error:
        StudyStore(url)
    assert "sqlite:///studies.db" in error.value.hint


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


def test_a_password_is_not_told() -> None:
    with pytest.raises(StudyError) as error:
        StudyStore("postgresql://ann:hunter2@127.0.0.1:9/films")
    assert "hunter2" not in error.value.message
    assert "ann:***@127.0.0.1:9/films" in error.value.message
