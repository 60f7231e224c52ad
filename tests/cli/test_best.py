import shutil
from pathlib import Path

import pytest

from search.export.bundle import read_bundle
from tests.cli.planted import write_study
from tests.stages import Stage
from tests.trials import make_training, make_trial
from tests.workspace import Workspace, run_command


def test_the_winner_is_printed_with_its_hyperparameters_and_measures(extended: Stage) -> None:
    finished = extended.workspace.run("best", "--winner", "network")
    assert finished.code == 0
    best = min(extended.trials, key=lambda trial: float(trial["value"]))
    assert f"Best network: #{best['number']} " in finished.out
    assert f"  cell: {best['hyperparameters']['cell']}\n" in finished.out
    assert f"  val_loss: {best['value']:.4f}\n" in finished.out
    assert "\ntest" not in finished.out


def test_an_export_says_that_test_was_read_and_how_to_predict(exported: Stage) -> None:
    out = exported.finished.out
    assert "test (read now, once)" in out
    assert "wrote winner: genre-search predict --model winner" in out


def test_a_folder_that_is_there_is_replaced_with_force_only(exported: Stage) -> None:
    refused = exported.workspace.run("best", "--winner", "network", "--export", "winner")
    assert refused.code == 1
    assert "error: winner: expected no folder of this name" in refused.err
    assert "--force" in refused.err
    command = ("best", "--winner", "network", "--export", "winner", "--force")
    replaced = exported.workspace.run(*command)
    assert replaced.code == 0
    assert "test (as recorded when it was read)" in replaced.out


def test_a_switch_takes_yes_and_no_as_mlflow_passes_them(exported: Stage) -> None:
    arguments = ("best", "--winner", "network", "--export", "winner", "--again", "no", "--force")
    assert exported.workspace.run(*arguments, "no").code == 1
    assert exported.workspace.run(*arguments, "yes").code == 0


def test_force_does_not_touch_a_folder_that_is_no_bundle(exported: Stage) -> None:
    folder = exported.workspace.folder / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    finished = exported.workspace.run("best", "--export", "mine", "--force")
    assert finished.code == 1
    assert "--force replaces bundles only" in finished.err
    assert (folder / "notes.txt").read_text() == "mine"


def test_an_unknown_study_is_refused_with_the_names_that_are_there(extended: Stage) -> None:
    finished = extended.workspace.run("best", "--study", "nosuch")
    assert finished.code == 1
    assert "there is no study named nosuch" in finished.err
    assert extended.study in finished.err


def _ranked(stage: Stage) -> list[int]:
    """List the numbers of the trials, best first; all are complete."""
    order = sorted(stage.trials, key=lambda trial: float(trial["value"]))
    return [int(trial["number"]) for trial in order]


def test_another_trial_is_printed_and_said_not_to_be_the_best(extended: Stage) -> None:
    last = _ranked(extended)[-1]
    finished = extended.workspace.run("best", "--trial", str(last))
    assert finished.code == 0
    assert f"This is trial {last}, not the best network." in finished.out
    value = next(trial["value"] for trial in extended.trials if trial["number"] == last)
    assert f"  val_loss: {value:.4f}\n" in finished.out


def test_the_candidates_are_a_table_and_the_winner_is_named(extended: Stage) -> None:
    finished = extended.workspace.run("best", "--winner", "baseline")
    assert finished.code == 0, finished.err
    kinds = [line.split()[0] for line in finished.out.splitlines() if line.split()]
    assert {"network", "baseline"} <= set(kinds)
    assert "Winner: the linear baseline" in finished.out
    assert "100% TF-IDF + logistic regression" in finished.out


def test_a_baseline_that_is_exported_predicts(exported: Stage, tmp_path: Path) -> None:
    directory = str(tmp_path / "baseline")
    command = ("best", "--winner", "baseline", "--export", directory)
    written = exported.workspace.run(*command)
    assert written.code == 0, written.err
    # Test was read for it when the network was exported.
    assert "test (as recorded when it was read)" in written.out
    predicted = exported.workspace.run("predict", "--model", directory, "a detective")
    assert predicted.code == 0 and "Crime" in predicted.out


def test_a_candidate_that_is_not_there_is_refused_with_those_that_are(front: Path) -> None:
    finished = run_command(front, "best", "--winner", "ensemble")
    assert finished.code == 1
    assert "Traceback" not in finished.err


def test_a_trial_that_is_not_there_is_refused(extended: Stage) -> None:
    finished = extended.workspace.run("best", "--trial", "99")
    assert finished.code == 1
    assert "expected a complete trial 99, found none of that number" in finished.err
    assert f"`genre-search trials --study {extended.study}`" in finished.err


def test_a_network_that_was_dropped_is_refused_with_those_that_are_kept(extended: Stage) -> None:
    *kept, dropped = _ranked(extended)
    stage, arguments = extended, ("--trial", str(dropped), "--export", "dropped", "--again")
    finished = stage.workspace.run("best", *arguments)
    assert finished.code == 1
    assert "its model was not kept" in finished.err
    assert f"Those of trials {', '.join(map(str, sorted(kept)))} are" in finished.err
    assert not (stage.workspace.folder / "dropped").exists()


def test_another_trial_than_the_one_that_was_measured_asks_for_again(
    exported: Stage, tmp_path: Path
) -> None:
    for pattern in ("films.csv", "mlflow.db*", "studies.db*"):
        # With the logs, in which a part of what was written may still be.
        for path in exported.workspace.folder.glob(pattern):
            shutil.copy(path, tmp_path)
    copied, second = Workspace(tmp_path), str(_ranked(exported)[1])
    refused = copied.run("best", "--trial", second, "--export", "second")
    assert refused.code == 1
    assert f"reading it for #{second} " in refused.err
    assert not (tmp_path / "second").exists()
    written = copied.run("best", "--trial", second, "--export", "second", "--again")
    assert written.code == 0, written.err
    assert "test (read now, once)" in written.out
    assert read_bundle(tmp_path / "second").origin["trial"] == int(second)


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a study with two objectives: trials 0 and 2 are its front, 1 is dominated."""
    folder = tmp_path_factory.mktemp("front")
    trials = [
        make_trial(
            number,
            (loss, size),
            name=f"#{number} gru",
            training=make_training(
                {"val_loss": loss, "parameters": size, "gap": 0.0, "slope": 0.0}
            ),
            has_model=True,
        )
        for number, (loss, size) in enumerate([(0.1, 900.0), (0.3, 950.0), (0.2, 100.0)])
    ]
    write_study(folder, "films", trials, objective="val_loss,parameters")
    return folder


def test_with_several_objectives_the_front_is_a_table(front: Path) -> None:
    finished = run_command(front, "best")
    assert finished.code == 0, finished.err
    rows = [line.split() for line in finished.out.splitlines() if line.startswith("#")]
    assert rows == [["#0", "gru", "0.1000", "900", "kept"], ["#2", "gru", "0.2000", "100", "kept"]]
    assert (
        "The best network is the best in val_loss; choose another with --trial N." in finished.out
    )
    assert "  parameters: 900\n" in finished.out


def test_another_trial_of_the_front_is_printed(front: Path) -> None:
    finished = run_command(front, "best", "--trial", "2")
    assert "This is trial 2, not the best network." in finished.out
    assert "  parameters: 100\n" in finished.out
