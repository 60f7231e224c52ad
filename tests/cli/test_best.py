from tests.stages import Stage


def test_the_winner_is_printed_with_its_hyperparameters_and_measures(extended: Stage) -> None:
    finished = extended.workspace.run("best")
    assert finished.code == 0
    best = min(extended.trials, key=lambda trial: float(trial["value"]))
    assert f"Best: #{best['number']} " in finished.out
    assert f"  cell: {best['hyperparameters']['cell']}\n" in finished.out
    assert f"  val_loss: {best['value']:.4f}\n" in finished.out
    assert "\ntest" not in finished.out


def test_an_export_says_that_test_was_read_and_how_to_predict(exported: Stage) -> None:
    out = exported.finished.out
    assert "test (read now, once)" in out
    assert "wrote winner: genre-search predict --model winner" in out


def test_a_folder_that_is_there_is_replaced_with_force_only(exported: Stage) -> None:
    refused = exported.workspace.run("best", "--export", "winner")
    assert refused.code == 1
    assert "error: winner: expected no folder of this name" in refused.err
    assert "--force" in refused.err
    replaced = exported.workspace.run("best", "--export", "winner", "--force")
    assert replaced.code == 0
    assert "test (as recorded when it was read)" in replaced.out


def test_a_switch_takes_yes_and_no_as_mlflow_passes_them(exported: Stage) -> None:
    arguments = ("best", "--export", "winner", "--again", "no", "--force")
    assert exported.workspace.run(*arguments, "no").code == 1
    assert exported.workspace.run(*arguments, "yes").code == 0


def test_force_does_not_touch_a_folder_that_is_no_bundle(exported: Stage) -> None:
    folder = exported.workspace.folder / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    finished = exported.workspace.run("best", "--export", "mine", "--force")
    assert finished.code == 1
    assert "--force replaces a bundle only" in finished.err
    assert (folder / "notes.txt").read_text() == "mine"


def test_an_unknown_study_is_told_with_those_that_are_there(extended: Stage) -> None:
    finished = extended.workspace.run("best", "--study", "nosuch")
    assert finished.code == 1
    assert "there is no study named nosuch" in finished.err
    assert extended.study in finished.err
