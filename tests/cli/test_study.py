import csv
import io
import json
from pathlib import Path

import pytest

from tests.studies import Planted, plant_study
from tests.workspace import Workspace, make_workspace


@pytest.fixture(scope="module")
def workspace(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_workspace(tmp_path_factory.mktemp("studies"), mlflow_database)


@pytest.fixture(scope="module")
def planted(workspace: Workspace) -> Planted:
    return plant_study(workspace)


def test_the_list_is_a_table_with_a_line_a_study(workspace: Workspace, planted: Planted) -> None:
    finished = workspace.run("study", "list")
    assert finished.code == 0
    header, row = (
        line.split() for line in finished.out.splitlines() if "film" in line or "study" in line
    )
    assert header[:2] == ["study", "corpus"]
    assert row[:5] == ["films", "films", "genre", "val_loss", "optuna"]
    assert "3 complete, 1 failed" in finished.out
    assert "0.2500" in row
    assert row[-1] == "there"
    assert finished.err == ""


def test_the_list_comes_as_json_and_csv(workspace: Workspace, planted: Planted) -> None:
    (row,) = json.loads(workspace.run("study", "list", "--format", "json").out)
    assert (row["name"], row["best"], row["trials"]["failed"]) == ("films", 0.25, 1)
    (line,) = csv.DictReader(io.StringIO(workspace.run("study", "list", "--format", "csv").out))
    assert (line["name"], line["best"], line["trials.failed"]) == ("films", "0.25", "1")


def test_a_page_has_the_best_network_and_where_its_runs_are(
    workspace: Workspace, planted: Planted
) -> None:
    finished = workspace.run("study", "show", "films")
    assert finished.code == 0
    assert "study films: val_loss on films, space genre, engine optuna" in finished.out
    assert f"best: #1 gru 8 with 0.2500, run {planted.runs['trial 1']}\n  cell: gru" in finished.out
    assert f"run {planted.study_run_id} in MLflow, there" in finished.out
    assert "strategy.sampler" in finished.out
    assert "begun_from" not in finished.out


def test_a_page_comes_as_json_of_the_latest_study(workspace: Workspace, planted: Planted) -> None:
    page = json.loads(workspace.run("study", "show", "--format", "json").out)
    assert (page["name"], page["best_network"]["name"]) == ("films", "#1 gru 8")
    assert page["settings"]["strategy"] == {"engine": "optuna", "sampler": "tpe"}


def test_without_a_terminal_a_deletion_says_what_goes_and_wants_force(
    workspace: Workspace, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    finished = workspace.run("study", "delete", "films")
    assert finished.code == 1
    assert "Kept models, deleted for good: 2 (0.0 MB)." in finished.err
    assert "expected a terminal to confirm its deletion on, found none" in finished.err
    assert "--force" in finished.err
    assert workspace.store.names() == ["films"]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("answer", "is_deleted"),
    [("n", False), ("", False), ("y", True)],
    ids=["no", "no answer", "yes"],
)
def test_on_a_terminal_a_deletion_asks(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, answer: str, is_deleted: bool
) -> None:
    if workspace.store.read("doomed") is None:
        plant_study(workspace, "doomed")
    monkeypatch.setattr("sys.stdin", _Terminal(f"{answer}\n"))
    finished = workspace.run("study", "delete", "doomed")
    assert "Delete study doomed? [y/N]" in finished.err
    assert finished.code == (0 if is_deleted else 1)
    assert ("nothing was deleted" in finished.err) is not is_deleted
    assert (workspace.store.read("doomed") is None) is is_deleted


@pytest.mark.parametrize("force", [("--force",), ("--force", "yes")], ids=["flag", "yes"])
def test_with_force_nothing_is_asked(workspace: Workspace, force: tuple[str, ...]) -> None:
    plant_study(workspace, "doomed")
    finished = workspace.run("study", "delete", "doomed", *force)
    assert finished.code == 0
    assert "Delete study" not in finished.err
    assert "deleted study doomed" in finished.err
    assert finished.out == ""
    assert workspace.store.read("doomed") is None


@pytest.mark.parametrize(
    "option", ["--timeout", "--patience", "--confirm", "--keep", "--deterministic", "--dry-run"]
)
def test_a_study_is_not_made_with_what_only_a_run_needs(workspace: Workspace, option: str) -> None:
    finished = workspace.run("study", "create", "--data", "films.csv", option, "1")
    assert finished.code == 2
    assert "No such option" in finished.err and option in finished.err


def test_a_fork_starts_from_one_study_alone(workspace: Workspace) -> None:
    for command in (("search",), ("study", "create")):
        finished = workspace.run(*command, "--study", "a", "--fork", "b", "--start-from", "c")
        assert finished.code == 2
        assert "--fork starts from --study already: leave --start-from out" in finished.err


def test_an_unknown_study_is_refused(workspace: Workspace, planted: Planted) -> None:
    for command in ("show", "delete"):
        finished = workspace.run("study", command, "nosuch")
        assert finished.code == 1
        assert "there is no study named nosuch" in finished.err


def test_where_nothing_was_searched_nothing_is_made(tmp_path: Path) -> None:
    empty = Workspace(tmp_path)
    for arguments in (("list",), ("show",), ("delete", "films", "--force")):
        finished = empty.run("study", *arguments)
        assert finished.code == 1
        assert "found none" in finished.err or "no study named films" in finished.err
    assert list(tmp_path.iterdir()) == []
