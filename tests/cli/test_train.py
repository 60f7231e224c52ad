"""`genre-search train` as a user runs it: what it prints, and what it refuses."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import yaml

from tests.films import write_films
from tests.trainings import ENDLESS, TINY, WILD, interrupt_in_epoch_of, write_params
from tests.workspace import Finished, Workspace, make_workspace, run_command

DATA = ("--data", "films.csv")


@dataclass(frozen=True, slots=True)
class Command:
    """A command that was run in a workspace."""

    workspace: Workspace
    finished: Finished


@pytest.fixture(scope="module")
def workspace(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = make_workspace(tmp_path_factory.mktemp("train"), mlflow_database)
    write_films(workspace.folder / "films.csv")
    return workspace


@pytest.fixture(scope="module")
def preset(workspace: Workspace) -> Command:
    """Train a preset that comes with published figures, and take its bundle."""
    options = (*DATA, "--epochs", "1", "--evaluate-test", "yes", "--export", "bundle")
    return Command(workspace, workspace.run("train", "--preset", "genre-rnn", *options))


@pytest.fixture(scope="module")
def bundle(preset: Command) -> Command:
    """Train the hyperparameters of that bundle again."""
    options = (*DATA, "--epochs", "1", "--format", "json")
    params = str(Path("bundle", "members", "genre-rnn", "hyperparameters.json"))
    return Command(preset.workspace, preset.workspace.run("train", "--params", params, *options))


def test_the_measures_are_printed(preset: Command) -> None:
    lines = preset.finished.out.splitlines()
    assert preset.finished.code == 0, preset.finished.err
    assert lines[0].startswith("genre-rnn on films: ")
    measures = {line.split(":")[0].strip(): line for line in lines[1:]}
    assert "val_loss" in measures and "seconds_per_epoch" in measures
    # Made for 82 labels and five epochs, it has nothing to be held against here.
    assert "published" not in preset.finished.out.lower()
    # 10,000·16 of the embedding, 16·33 and 32·49 of the cells, 33·64 and 65·4 of the layers above.
    assert measures["parameters"] == "  parameters: 164,468"


def test_measures_of_test_are_printed_under_a_heading_of_their_own(preset: Command) -> None:
    lines = preset.finished.out.splitlines()
    first = lines.index("test, read once") + 1
    below = lines[first : first + 4]
    assert [line.split(":")[0].strip() for line in below] == [
        "loss", "accuracy", "f1_micro", "f1_macro",
    ]  # fmt: skip


def test_of_few_epochs_the_seconds_are_those_of_tracing_too(preset: Command) -> None:
    assert "with so few epochs TensorFlow's tracing of the network" in preset.finished.out


def test_what_was_published_stands_beside_a_training_like_it(workspace: Workspace) -> None:
    own = {**TINY.hyperparameters}
    published = {"val_loss": 0.1373, "test_accuracy": 0.5}
    path = workspace.folder / "own.yaml"
    text = {"hyperparameters": own, "labels": 4, "training": {"epochs": 1}, "published": published}
    path.write_text(yaml.safe_dump(text), encoding="utf-8")
    finished = workspace.run("train", "--params", "own.yaml", *DATA)
    lines = finished.out.splitlines()
    (line,) = (line for line in lines if line.startswith("  val_loss: "))
    assert line.endswith("(published: 0.1373)")
    assert "on their texts, split and machine" in finished.out
    # Test was not read, so there is nothing to stand beside.
    assert "0.5000" not in finished.out


def test_progress_goes_to_standard_error(preset: Command) -> None:
    err = preset.finished.err
    assert "genre-rnn was made for 82 outputs, films needs 4 outputs" in err
    assert "genre-rnn begins, 164,468 parameters" in err
    assert "epoch 1 train" in err
    assert "wrote bundle" in err
    assert "Traceback" not in err


def test_the_hyperparameters_of_a_bundle_can_be_trained_again(
    preset: Command, bundle: Command
) -> None:
    assert bundle.finished.code == 0, bundle.finished.err
    facts = json.loads(bundle.finished.out)
    assert (facts["name"], facts["corpus"], facts["test"]) == ("genre-rnn", "films", {})
    run = bundle.workspace.client.get_run(facts["run_id"])
    runs = [r for r in bundle.workspace.runs() if r.data.tags["preset"] == "genre-rnn"]
    (first,) = (r for r in runs if r.info.run_id != facts["run_id"])
    assert run.data.params == first.data.params
    # The same network on the same texts with the same seed.
    assert run.data.metrics["val_loss"] == pytest.approx(first.data.metrics["val_loss"], abs=1e-5)


def test_json_has_the_epochs_and_is_all_that_is_printed(bundle: Command) -> None:
    facts = json.loads(bundle.finished.out)
    assert set(facts["epochs"]) == {
        "train_loss", "val_loss", "train_accuracy", "val_accuracy", "f1_macro"
    }  # fmt: skip
    assert facts["epochs"]["val_loss"] == [facts["validation"]["val_loss"]]
    assert facts["verdict"] in ("fit", "underfit", "overfit", "diverged")


def test_a_file_says_how_long_it_is_trained(workspace: Workspace) -> None:
    write_params(workspace.folder / "tiny.yaml", TINY)
    finished = workspace.run("train", "--params", "tiny.yaml", *DATA, "--format", "json")
    assert len(json.loads(finished.out)["epochs"]["val_loss"]) == TINY.n_epochs


def test_a_training_that_diverges_ends_with_its_cause_and_a_failed_run(
    workspace: Workspace,
) -> None:
    write_params(workspace.folder / "wild.yaml", WILD)
    finished = workspace.run("train", "--params", "wild.yaml", *DATA)
    assert finished.code == 1
    assert finished.out == ""
    assert "error: wild: training diverged: the training loss became" in finished.err
    assert "Lower learning_rate, or set clip_norm" in finished.err
    assert "Traceback" not in finished.err
    (run,) = (r for r in workspace.runs() if r.data.tags.get("preset") == "wild")
    assert run.info.status == "FAILED"
    assert run.data.tags["verdict"] == "diverged"
    assert "the training loss became" in run.data.tags["failure"]
    cause = workspace.artifact(run.info.run_id, "traceback.txt").read_text(encoding="utf-8")
    assert "FloatingPointError" in cause


def test_an_interrupt_ends_with_130_and_a_killed_run(workspace: Workspace) -> None:
    endless = replace(TINY, name="endless", n_epochs=ENDLESS)
    write_params(workspace.folder / "endless.yaml", endless)
    with interrupt_in_epoch_of("endless on films", workspace.folder / "mlflow.db"):
        finished = workspace.run("train", "--params", "endless.yaml", *DATA)
    assert finished.code == 130
    assert finished.out == ""
    assert "stopping at the next batch" in finished.err
    assert "interrupted; the run is recorded as killed" in finished.err
    (run,) = (r for r in workspace.runs() if r.data.tags.get("preset") == "endless")
    assert run.info.status == "KILLED"
    assert "epoch/val_loss" in run.data.metrics
    assert "model" not in workspace.artifacts(run.info.run_id)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "expected one of --preset NAME and --params FILE"),
        (
            ("--preset", "genre-rnn", "--params", "tiny.yaml"),
            2,
            "expected one of --preset NAME and --params FILE",
        ),
        (("--preset", "genre-lsmt"), 1, "must be a shipped preset; nearest: genre-lstm"),
        (("--params", "missing.yaml"), 1, "missing.yaml"),
        (
            ("--params", "wrong.yaml"),
            1,
            "wrong.yaml: hyperparameters.unit_1: is not a hyperparameter",
        ),
        (("--preset", "genre-rnn", "--epochs", "0"), 2, "--epochs"),
        (("--preset", "genre-rnn", "--weights", "first"), 2, "--weights"),
        (("--preset", "genre-rnn", "--data", "flims.csv"), 1, "Did you mean films.csv?"),
        (("--preset", "genre-rnn", *DATA, "--export", "films.csv"), 1, "films.csv"),
    ],
    ids=[
        *("nothing", "preset and file", "unknown preset", "missing file", "wrong file"),
        *("no epochs", "unknown weights", "missing data", "export onto a file"),
    ],
)
def test_a_mistake_ends_with_one_message_and_nothing_written(
    arguments: tuple[str, ...], code: int, message: str, tmp_path: Path
) -> None:
    write_films(tmp_path / "films.csv")
    write_params(tmp_path / "tiny.yaml", TINY)
    write_params(tmp_path / "wrong.yaml", TINY, unit_1=8)
    before = {path.name for path in tmp_path.iterdir()}
    finished = run_command(tmp_path, "train", *arguments)
    assert finished.code == code
    assert message in finished.err
    assert "Traceback" not in finished.err
    assert {path.name for path in tmp_path.iterdir()} == before
