"""`genre-search compare` as a user runs it: what it prints, and what it refuses."""

import csv
import io
import json
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import pytest
from rich.text import Text

from search.cli.compare import print_comparison
from search.report.comparison import COLUMNS, ComparisonTable
from search.report.configurations import MEASURES, ComparedRow, ComparedTraining
from search.trial.weights import Weights
from tests.cli.test_tables import make_terminal
from tests.films import write_films
from tests.trainings import ENDLESS, TINY, WILD, interrupt_in_epoch_of, write_params
from tests.trials import make_training
from tests.workspace import Finished, Workspace, make_workspace, run_command

DATA = ("--data", "films.csv")


@pytest.fixture(scope="module")
def workspace(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = make_workspace(tmp_path_factory.mktemp("compare"), mlflow_database)
    write_films(workspace.folder / "films.csv")
    for preset in (TINY, WILD, replace(TINY, name="endless", n_epochs=ENDLESS)):
        write_params(workspace.folder / f"{preset.name}.yaml", preset)
    return workspace


@pytest.fixture(scope="module")
def cells(workspace: Workspace) -> Finished:
    """Compare two cells of a file's network."""
    options = ("--params", "tiny.yaml", "--cells", "simple_rnn, gru", "--epochs", "1")
    return workspace.run("compare", *options, *DATA)


@pytest.fixture(scope="module")
def interrupted(workspace: Workspace) -> Finished:
    """Compare a short training with an endless one, and stop in the latter."""
    options = ("--params", "tiny.yaml", "--params", "endless.yaml", "--format", "markdown")
    with interrupt_in_epoch_of("endless", workspace.folder / "mlflow.db"):
        return workspace.run("compare", *options, *DATA)


def test_the_cells_stand_in_the_order_given_with_their_weights(cells: Finished) -> None:
    assert cells.code == 0, cells.err
    head, _rule, first, second, *below = [line for line in cells.out.splitlines() if line.strip()]
    assert head.split("  ")[0].strip() == "name"
    for column in COLUMNS.values():
        assert column in head
    assert first.split()[0] == "SimpleRNN"
    assert second.split()[0] == "GRU"
    # 8·(8+8+1) against 3·8·(8+8+2): a GRU of Keras's own kind has two biases.
    weights = [int(line.split()[1].replace(",", "")) for line in (first, second)]
    assert weights[1] - weights[0] == 432 - 136
    assert "Predicting " in " ".join(below) and "has an accuracy of" in " ".join(below)
    assert "The terminal has no room" not in cells.out


def test_progress_goes_to_standard_error(cells: Finished) -> None:
    assert "SimpleRNN begins" in cells.err
    assert "GRU COMPLETE" in cells.err
    assert "Traceback" not in cells.err


def test_seeds_are_taken_as_they_are_given(workspace: Workspace) -> None:
    options = ("--params", "tiny.yaml", "--seeds", "4,2", "--epochs", "1", "--format", "json")
    finished = workspace.run("compare", *options, *DATA)
    facts = json.loads(finished.out)
    assert (facts["seeds"], facts["split_seed"], facts["weights"]) == ([4, 2], 4, "last")
    (row,) = facts["rows"]
    assert [training["seed"] for training in row["trainings"]] == [4, 2]
    assert row["val_loss"]["spread"] > 0.0


def test_repeats_count_seeds_upward_and_a_diverged_training_is_no_error(
    workspace: Workspace,
) -> None:
    options = ("--params", "wild.yaml", "--seed", "7", "--repeats", "2", "--format", "csv")
    finished = workspace.run("compare", *options, *DATA)
    assert finished.code == 0, finished.err
    (row,) = csv.DictReader(io.StringIO(finished.out))
    assert (row["verdict"], row["trainings"], row["diverged"]) == ("diverged", "2", "2")
    assert row["val_loss"] == ""
    seeds = {r.data.tags["seed"] for r in workspace.runs() if r.data.tags.get("preset") == "wild"}
    assert seeds == {"7", "8"}


def test_an_interrupt_prints_what_had_ended_and_exits_with_130(
    interrupted: Finished, workspace: Workspace
) -> None:
    assert interrupted.code == 130
    lines = interrupted.out.splitlines()
    assert lines[2].startswith("| tiny | ")
    assert "Interrupted: 1 of 2 trainings" in lines[-1]
    assert "stopping at the next batch" in interrupted.err
    assert "interrupted; finished trainings are recorded, the others as killed" in interrupted.err
    (endless,) = (r for r in workspace.runs() if r.data.tags.get("preset") == "endless")
    parent = workspace.client.get_run(endless.data.tags["mlflow.parentRunId"])
    assert (endless.info.status, parent.info.status) == ("KILLED", "KILLED")
    assert parent.data.tags["mlflow.note.content"] == interrupted.out.rstrip()
    files = workspace.artifacts(parent.info.run_id)
    assert {"comparison.csv", "comparison.md", "comparison.json", "plots"} <= files


def comparison() -> ComparisonTable:
    """Two configurations with two seeds each."""
    rows = []
    for name in ("SimpleRNN", "LSTM"):
        trainings = tuple(
            ComparedTraining(
                seed,
                "run",
                make_training(
                    dict.fromkeys((*MEASURES, "accuracy"), 0.17 + seed / 100), n_epochs=3
                ),
            )
            for seed in (0, 1)
        )
        rows.append(ComparedRow(name, 169_538, trainings))
    return ComparisonTable(
        "films", tuple(rows), (0, 1), 4, Weights.LAST, 0.171, 0.948, "no label at all"
    )


@pytest.mark.parametrize("kind", ["xterm-256color", "dumb"])
def test_a_narrow_terminal_loses_whole_columns_and_says_which(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = make_terminal(monkeypatch, width=80, kind=kind)
    with redirect_stdout(out):
        print_comparison(comparison())
    lines = [Text.from_ansi(line).plain.rstrip() for line in out.getvalue().splitlines()]
    head, _rule, first, *_ = [line for line in lines if line]
    assert head.split("  ")[0].strip() == "name"
    assert "val. loss" in head
    assert len(head) <= 80
    assert "0.1750 ± 0.0071" in first
    assert "train acc." not in head
    assert "The terminal has no room for train acc., F1 micro" in lines[-1]


def test_a_terminal_of_any_width_keeps_names_and_losses(monkeypatch: pytest.MonkeyPatch) -> None:
    out = make_terminal(monkeypatch, width=10)
    with redirect_stdout(out):
        print_comparison(comparison())
    lines = [Text.from_ansi(line).plain for line in out.getvalue().splitlines()]
    assert any(line.split() == ["SimpleRNN", "0.1750", "±", "0.0071"] for line in lines)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "expected what to compare: --cells simple_rnn,lstm,gru, or --preset NAME"),
        (("--cells", "lstm,gruu"), 2, "'--cells': no cell is called 'gruu'. Nearest: gru"),
        (("--cells", "x"), 2, "Known: gru, lstm, simple_rnn"),
        (("--cells", ""), 2, "'--cells': no cell is called ''"),
        (("--cells", "gru,lstm,gru"), 2, "'--cells': expected different cells, got gru twice"),
        (("--preset", "genre-lsmt"), 1, "must be a shipped preset; nearest: genre-lstm"),
        (
            ("--preset", "genre-gru", "--preset", "genre-gru"),
            2,
            "--preset, --params: expected different names, got genre-gru twice",
        ),
        (
            ("--params", "tiny.yaml", "--params", "tiny.yaml"),
            2,
            "--preset, --params: expected different names, got tiny twice",
        ),
        (("--params", "missing.yaml"), 1, "missing.yaml"),
        (("--cells", "gru", "--seeds", "1,2,1,1"), 2, "different seeds, got 1 (3 times)"),
        (("--cells", "gru", "--seeds", "1,-2"), 2, "whole numbers of 0 or more, such as 0,1,2"),
        (("--cells", "gru", "--seeds", "1,,2"), 2, "got ''"),
        (("--cells", "gru", "--seeds", "1,²"), 2, "got '²'"),
        (("--cells", "gru", "--seeds", "1", "--repeats", "1"), 2, "one of --seeds and --repeats"),
        (("--cells", "gru", "--seeds", "1", "--seed", "0"), 2, "one of --seeds and --seed, got"),
        (("--cells", "gru", "--repeats", "0"), 2, "--repeats"),
        (("--cells", "gru", "--data", "flims.csv"), 1, "Did you mean films.csv?"),
    ],
    ids=[
        *("nothing", "unknown cell", "cell without a near name", "empty cell", "cell twice"),
        *("unknown preset", "preset twice", "file twice", "missing file", "seed thrice"),
        *("negative seed", "empty seed", "digit that is no decimal", "seeds and repeats"),
        *("seeds and seed", "no repeats", "missing data"),
    ],
)
def test_a_mistake_ends_with_one_message_and_nothing_written(
    arguments: tuple[str, ...], code: int, message: str, tmp_path: Path
) -> None:
    write_films(tmp_path / "films.csv")
    write_params(tmp_path / "tiny.yaml", TINY)
    before = {path.name for path in tmp_path.iterdir()}
    finished = run_command(tmp_path, "compare", *arguments)
    assert finished.code == code
    assert message in " ".join(finished.err.split())
    assert "Traceback" not in finished.err
    assert finished.out == ""
    assert {path.name for path in tmp_path.iterdir()} == before
