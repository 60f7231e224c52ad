import hashlib
import re
from pathlib import Path

import pytest

from tests.films import write_films
from tests.stages import SEARCH, Stage
from tests.workspace import Finished, run_command


def _files(folder: Path) -> dict[str, str]:
    """Give the sums of all files below a folder, by their names."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _line(finished: Finished, topic: str) -> str:
    return next(line for line in finished.out.splitlines() if line.startswith(f"{topic}: "))


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Finished]:
    folder = tmp_path_factory.mktemp("dry")
    write_films(folder / "films.csv")
    return folder, run_command(folder, *SEARCH, "--trials", "5", "--dry-run", "yes")


def test_a_new_study_is_described_and_nothing_is_made(
    fresh: tuple[Path, Finished],
) -> None:
    folder, finished = fresh
    assert finished.code == 0, finished.err
    assert [path.name for path in folder.iterdir()] == ["films.csv"]
    assert "study: films-smoke-" in _line(finished, "study")
    assert _line(finished, "study").endswith(", new: 5 trials of 2 epochs")
    assert "smoke (hash " in _line(finished, "space")
    assert "5 hyperparameters searched, 3 fixed; known starts: none" in _line(finished, "space")
    parts = re.findall(r"(\d+) (train|validation|test)\b", _line(finished, "data"))
    assert "films, 120 texts, 4 labels; " in _line(finished, "data")
    assert [name for _, name in parts] == ["train", "validation", "test"]
    assert sum(int(number) for number, _ in parts) == 120
    assert "engine optuna, sampler tpe (n_startup_trials=6" in _line(finished, "strategy")
    assert "fitted first" in _line(finished, "baselines")
    assert "dry run: nothing was done" in finished.err


def test_time_and_disk_are_estimated_from_a_few_batches(fresh: tuple[Path, Finished]) -> None:
    _, finished = fresh
    assert "time: at most about " in finished.out
    assert "a few batches of 2 networks" in _line(finished, "time")
    assert "disk: at most about " in finished.out
    assert "6 kept networks, and 0 more in the ensemble, of up to 0." in _line(finished, "disk")


def test_an_existing_study_is_described_by_its_trials_and_stays_as_it_was(extended: Stage) -> None:
    folder = extended.workspace.folder
    before = _files(folder)
    finished = extended.workspace.run(*SEARCH, "--trials", "6", "--dry-run", "yes")
    assert finished.code == 0, finished.err
    assert _files(folder) == before
    assert f"study: {extended.study}, exists: 4 of 6 trials are done; 2 left" in finished.out
    assert f"for 2 trials; 4 trials of {extended.study} took " in _line(finished, "time")
    assert "known already, not fitted again" in _line(finished, "baselines")


def test_a_study_that_is_done_has_nothing_to_do(extended: Stage) -> None:
    finished = extended.workspace.run(*SEARCH, "--trials", "4", "--dry-run", "yes")
    assert "4 of 4 trials are done; finished (all trials done)" in _line(finished, "study")
    assert "no trial is left to run" in _line(finished, "time")
    assert "nothing is added" in _line(finished, "disk")


def test_another_study_on_the_same_data_lends_its_times_and_baselines(extended: Stage) -> None:
    finished = extended.workspace.run(*SEARCH, "--study", "mine", "--dry-run", "yes")
    assert "study: mine, new: 12 trials of 2 epochs" in finished.out
    assert f"4 trials of {extended.study} took " in _line(finished, "time")
    assert f"known from study {extended.study}" in _line(finished, "baselines")


def test_a_changed_study_is_refused_as_by_the_search(extended: Stage) -> None:
    before = _files(extended.workspace.folder)
    arguments = (*SEARCH, "--study", extended.study, "--objective", "macro_f1")
    finished = extended.workspace.run(*arguments, "--dry-run", "yes")
    assert finished.code == 1
    assert "objective was val_loss, is macro_f1" in finished.err
    assert finished.out == ""
    assert _files(extended.workspace.folder) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--start-from", "nosuch"), "there is no study named nosuch"),
        (("--study", "mine", "--start-from", "mine"), "expected another study than mine itself"),
    ],
    ids=["unknown study", "the study itself"],
)
def test_a_study_to_start_from_must_be_there(
    extended: Stage, arguments: tuple[str, ...], message: str
) -> None:
    finished = extended.workspace.run(*SEARCH, *arguments, "--dry-run", "yes")
    assert finished.code == 1
    assert message in finished.err


def test_without_a_database_there_is_no_study_to_start_from(tmp_path: Path) -> None:
    write_films(tmp_path / "films.csv")
    finished = run_command(tmp_path, *SEARCH, "--start-from", "nosuch", "--dry-run", "yes")
    assert finished.code == 1
    assert "expected a study nosuch to start from, found no database of studies" in finished.err
    assert [path.name for path in tmp_path.iterdir()] == ["films.csv"]
