"""What a study says of itself: confirmed winner, baselines, reach, limits, leaking texts."""

import csv
import json
import random
from pathlib import Path

import pytest

from search.export.predictor import Predictor
from search.trial.baseline import LINEAR
from tests.films import WORDS, write_films
from tests.stages import Stage, look
from tests.workspace import Finished, Workspace

SPACE = """
name: one
description: One small network, but for its rate.
hyperparameters:
  vocabulary_size: 200
  sequence_length: 16
  embedding_size: 16
  cell: gru
  units_1: 8
  pooling: mean
  learning_rate: {type: float, low: 0.02, high: 0.03}
  batch_size: 16
"""
HARD = ("search", "--data", "hard.csv", "--space", "one.yaml", "--epochs", "8", "--trials", "2")
PNG = b"\x89PNG"


def _write_hard(path: Path) -> None:
    """Write texts whose words tell their first two labels, nine times of ten."""
    dice, names = random.Random(0), list(WORDS)
    filler = ["the", "a", "man", "woman", "town", "house", "story", "old", "new", "night"]
    rows = ["plot,genre"]
    for number in range(240):
        labels = [name for name in names if dice.random() < 0.4] or ["Western"]
        words = dice.choices(filler, k=6)
        for label in labels[:2]:
            words += dice.choices(WORDS.get(label, "horse saloon").split(), k=2)
        told = [label if dice.random() < 0.9 else "Western" for label in labels]
        rows.append(f"{' '.join(words)} {number},{'|'.join(dict.fromkeys(told))}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = Workspace(tmp_path_factory.mktemp("honest"))
    _write_hard(workspace.folder / "hard.csv")
    (workspace.folder / "one.yaml").write_text(SPACE, encoding="utf-8")
    return workspace


@pytest.fixture(scope="module")
def confirmed(workspace: Workspace) -> Stage:
    """Search for two trials, train the best again, and judge a target that nothing meets."""
    return look(workspace, workspace.run(*HARD, "--confirm", "1", "--target", "0.001"))


@pytest.fixture(scope="module")
def again(confirmed: Stage) -> Stage:
    """Run the same command once more."""
    workspace = confirmed.workspace
    return look(workspace, workspace.run(*HARD, "--confirm", "1", "--target", "0.001"))


def test_the_best_is_trained_again_with_three_fresh_seeds(confirmed: Stage) -> None:
    assert confirmed.finished.code == 0, confirmed.finished.err
    best = min(confirmed.trials, key=lambda trial: float(trial["value"]))
    runs = confirmed.workspace.child_runs(confirmed.study, "confirmation")
    assert {run.data.tags["confirms"] for run in runs} == {str(best["number"])}
    values = [run.data.metrics["val_loss"] for run in runs]
    assert len(set(values)) == 3
    assert best["confirmed_mean"] == pytest.approx(sum(values) / 3)
    middle = sorted(values)[1]
    spread = f"{best['confirmed_mean']:.4f} ± {best['confirmed_spread']:.4f}"
    assert f"with val_loss {middle:.4f}." in confirmed.finished.out
    assert f"median of 3 trainings with fresh seeds ({spread})" in confirmed.finished.out
    kept = [run for run in runs if confirmed.workspace.artifacts(run.info.run_id, "model")]
    assert [run.data.metrics["val_loss"] for run in kept] == [middle]


def test_the_network_of_the_middle_seed_is_exported(confirmed: Stage) -> None:
    workspace = confirmed.workspace
    done = workspace.run(
        "best", "--study", confirmed.study, "--winner", "network", "--export", "middle"
    )
    assert done.code == 0, done.err
    runs = workspace.child_runs(confirmed.study, "confirmation")
    middle = sorted(run.data.metrics["val_loss"] for run in runs)[1]
    metrics = json.loads((workspace.folder / "middle" / "metrics.json").read_text())
    assert metrics["validation"]["loss"] == pytest.approx(middle)


def test_confirmations_and_baselines_are_no_trials(confirmed: Stage) -> None:
    assert len(confirmed.trials) == 2
    assert confirmed.finished.out.count("Trials: 2 complete.") == 1


def test_learning_curves_are_measured_where_the_best_is_level_with_the_baseline(
    confirmed: Stage,
) -> None:
    workspace, run_id = confirmed.workspace, confirmed.study_run.info.run_id
    best = min(confirmed.trials, key=lambda trial: float(trial["value"]))
    run = next(r for r in confirmed.trial_runs if r.info.run_id == best["run_id"])
    assert run.data.tags["against_baseline"] in ("beats", "ties")
    text = workspace.artifact(run_id, "scaling.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert [int(row["size"]) for row in rows] == [12, 24, 48, 96, 191]
    # At all of train the curves end at what was measured before.
    retrained = workspace.child_runs(confirmed.study, "confirmation")
    middle = sorted(run.data.metrics["val_loss"] for run in retrained)[1]
    assert float(rows[-1]["best network"]) == pytest.approx(middle, abs=1e-5)
    linear = next(r["val_loss"] for r in confirmed.baselines if r["name"] == LINEAR)
    assert float(rows[-1]["linear baseline"]) == pytest.approx(linear, abs=1e-5)
    assert workspace.artifact(run_id, "plots/scaling.png").read_bytes().startswith(PNG)


def test_the_verdict_is_said_by_search_best_and_the_study_run(confirmed: Stage) -> None:
    verdict = confirmed.study_run.data.tags["target_verdict"]
    said = f"The target 0.001: {verdict}."
    assert said in confirmed.finished.out
    assert said in confirmed.workspace.run("best").out
    assert said in confirmed.study_run.data.tags["mlflow.note.content"]


def test_nothing_of_it_is_done_twice(confirmed: Stage, again: Stage) -> None:
    assert again.finished.code == 0
    assert again.n_runs == confirmed.n_runs
    for word in ("fitting", "fresh seed", "learning curves"):
        assert word in confirmed.finished.err
        assert word not in again.finished.err


def test_another_study_on_the_same_split_takes_the_baselines_over(again: Stage) -> None:
    workspace = again.workspace
    other = workspace.run(*HARD, "--epochs", "1", "--max-gap", "0", "--target", "none")
    assert other.code == 0, other.err
    assert "fitting" not in other.err
    stage = look(workspace, other)
    assert stage.study != again.study
    before = {row["name"]: row for row in again.baselines}
    for row in stage.baselines:
        theirs = before[row["name"]]
        assert row["val_loss"] == pytest.approx(theirs["val_loss"])
        assert row["run_id"] != theirs["run_id"]


def test_a_gap_that_no_trial_keeps_leaves_no_winner(workspace: Workspace) -> None:
    study = ("--max-gap", "0", "--study", "narrow", "--trials", "1")
    done = workspace.run(*HARD, *study)
    assert done.code == 0, done.err
    stage = look(workspace, done)
    (trial,) = stage.trials
    assert trial["gap"] > 0 and trial["feasible"] is False
    assert "No complete trial has a gap of at most 0" in done.out
    assert "infeasible" in done.out
    best = workspace.run("best")
    assert best.code == 1
    assert "expected a complete trial, found none" in best.err


@pytest.fixture(scope="module")
def leaking(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Texts that name their labels."""
    workspace = Workspace(tmp_path_factory.mktemp("leaking"))
    write_films(workspace.folder / "films.csv")
    rows = (workspace.folder / "films.csv").read_text(encoding="utf-8").splitlines()
    named = [f"{row.split(',')[0]} a {row.split(',')[1].split('|')[0]} story,{row.split(',')[1]}"
             for row in rows[1:]]  # fmt: skip
    text = "\n".join([rows[0], *named]) + "\n"
    (workspace.folder / "leaking.csv").write_text(text, encoding="utf-8")
    return workspace


LEAKING = ("search", "--data", "leaking.csv", "--space", "smoke", "--epochs", "1", "--trials", "1")


def test_a_strict_search_refuses_leaking_texts_before_it_writes_anything(
    leaking: Workspace,
) -> None:
    before = sorted(path.name for path in leaking.folder.iterdir())
    done = leaking.run(*LEAKING, "--strict")
    assert done.code == 1
    assert done.err.count("--strict: expected data within the limits of the audit, found:") == 1
    assert sorted(path.name for path in leaking.folder.iterdir()) == before


@pytest.fixture(scope="module")
def reached_by_leak(leaking: Workspace) -> Finished:
    """Reach an easy target on texts that name their labels."""
    return leaking.run(*LEAKING, "--target", "5")


def test_a_target_that_leaking_texts_reach_is_called_so(
    leaking: Workspace, reached_by_leak: Finished
) -> None:
    assert reached_by_leak.code == 0, reached_by_leak.err
    assert "The target 5: reached, but the texts name their labels." in reached_by_leak.out
    assert look(leaking, reached_by_leak).study_run.data.tags["leaks"] == "yes"


def test_masked_texts_leak_no_more_and_the_bundle_masks_alike(
    leaking: Workspace, reached_by_leak: Finished
) -> None:
    masked = leaking.run(*LEAKING, "--target", "5", "--mask-label-names")
    assert masked.code == 0, masked.err
    assert "The target 5: reached. " in masked.out
    stage = look(leaking, masked)
    assert stage.study_run.data.tags["leaks"] == "no"
    assert leaking.run("best", "--winner", "network", "--export", "winner").code == 0
    predictor = Predictor(leaking.folder / "winner")
    named, masked_text, other = predictor.predict_probabilities(
        ["a clown at a comedy story", "a clown at a … story", "a clown at a clown story"]
    )
    assert named.tolist() == masked_text.tolist()
    assert named.tolist() != other.tolist()
    facts = json.loads((leaking.folder / "winner" / "bundle.json").read_text(encoding="utf-8"))
    assert facts["masked_names"] == list(WORDS)
