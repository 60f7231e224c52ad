"""The program and the notebook of examples/ run from beginning to end."""

import json
import runpy
import sys
from pathlib import Path

import pytest

from tests.films import write_films
from tests.workspace import FOREIGN, ROOT, Workspace, make_workspace


@pytest.fixture
def workspace(tmp_path: Path, mlflow_database: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = make_workspace(tmp_path / "work", mlflow_database)
    for name in FOREIGN:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", made.tracking_uri)
    monkeypatch.chdir(made.folder)
    return made


def test_the_program_searches_confirms_exports_and_predicts(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_films(workspace.folder / "films.csv")
    monkeypatch.setattr(sys, "argv", ["python_interface.py", "films.csv"])
    runpy.run_path(str(ROOT / "examples" / "python_interface.py"), run_name="__main__")
    printed = capsys.readouterr().out
    assert "COMPLETE" in printed and "fresh seed 3 of 3" in printed and "test loss: " in printed
    assert (workspace.folder / "example-winner" / "bundle.json").is_file()


def test_the_notebook_runs_cell_by_cell(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook = json.loads((ROOT / "examples" / "films.ipynb").read_text(encoding="utf-8"))
    names: dict[str, object] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [], "the notebook is kept without outputs"
            exec(compile("".join(cell["source"]), "films.ipynb", "exec"), names)
    assert "test loss: " in capsys.readouterr().out
    (run,) = [run for run in workspace.runs() if run.data.tags["mlflow.runName"] == "films"]
    assert run.data.tags["ended"] == "all trials done"
