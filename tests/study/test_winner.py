"""What a study ends with: its candidates, the winner, its bundle, and weights that are gone."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import search
from search.data.split.split import split_corpus
from search.metrics.losses import cross_entropy
from search.tracking.trainings import MODEL_PATH
from search.trial.candidate import Candidate, Contest, Kind
from tests.films import WORDS
from tests.workspace import FOREIGN, Workspace, make_workspace

SPACE = """
name: two
description: Small networks that differ in their cell.
hyperparameters:
  vocabulary_size: 200
  sequence_length: 24
  embedding_size: 16
  cell: {type: categorical, choices: [gru, lstm]}
  units_1: 16
  bidirectional: true
  pooling: mean
  learning_rate: {type: float, low: 0.01, high: 0.03}
  batch_size: 16
"""
FILLER = ["the", "a", "man", "woman", "town", "house", "story", "old", "new", "night"]
SEARCH = ("search", "--data", "hard.csv", "--space", "two.yaml", "--epochs", "10",
          "--target", "none", "--pruner", "none")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ended:
    """A study after three trials, and its candidates."""

    workspace: Workspace
    said: str
    study: search.Study

    @property
    def contest(self) -> Contest:
        return self.study.contest

    def find(self, kind: Kind) -> Candidate:
        return self.contest.find(kind.value)


@pytest.fixture(scope="module")
def ended(mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    workspace = make_workspace(tmp_path_factory.mktemp("winner"), mlflow_database)
    _write_hard(workspace.folder / "hard.csv")
    (workspace.folder / "two.yaml").write_text(SPACE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workspace.folder)
        for name in FOREIGN:
            patch.delenv(name, raising=False)
        done = workspace.run(*SEARCH, "--trials", "3")
        assert done.code == 0, done.err
        yield Ended(workspace, done.out, search.open_study())


def test_a_search_ends_with_three_candidates_and_the_command_of_the_winner(ended: Ended) -> None:
    kinds = [candidate.kind for candidate in ended.contest.candidates]
    assert kinds == [Kind.NETWORK, Kind.BASELINE, Kind.ENSEMBLE]
    winner = ended.contest.find()
    assert f"Winner: the {'ensemble' if winner.kind is Kind.ENSEMBLE else ''}" in ended.said
    assert f"{winner.name}" in ended.said.splitlines()[-1]
    assert f"genre-search best --study {ended.study.name} --export winner" in ended.said
    assert "Optimism of the selection" in ended.said


def test_the_network_is_the_studys_best(ended: Ended) -> None:
    best = ended.study.best
    assert best is not None
    (component,) = ended.find(Kind.NETWORK).components
    assert (component.number, component.run_id) == (best.number, best.run_id)


def test_the_winner_is_the_cheapest_within_half_a_percent(ended: Ended) -> None:
    losses = {c.kind: c.metrics["val_loss"] for c in ended.contest.candidates}
    good = [c for c in ended.contest.candidates
            if c.metrics["val_loss"] <= 1.005 * min(losses.values())]  # fmt: skip
    costs = {c.kind: c.metrics["parameters"] * c.metrics["milliseconds_per_text"] for c in good}
    assert ended.study.winner.kind is min(costs, key=lambda kind: costs[kind])


def test_the_ensemble_is_a_run_with_its_members_and_the_files_of_a_trial(ended: Ended) -> None:
    (run,) = ended.workspace.child_runs(ended.study.name, "ensemble")
    ensemble = ended.find(Kind.ENSEMBLE)
    assert ensemble.run_id == run.info.run_id
    for place, component in enumerate(ensemble.components, start=1):
        assert run.data.params[f"member_{place}"] == component.name
        assert float(run.data.params[f"weight_{place}"]) == pytest.approx(component.weight)
    assert run.data.metrics["val_loss"] == pytest.approx(ensemble.metrics["val_loss"])
    assert {"labels.csv", "text_losses.csv"} <= set(ended.workspace.artifacts(run.info.run_id))
    assert "%" in run.data.tags["mlflow.note.content"]


@pytest.fixture(scope="module")
def exported(ended: Ended, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("bundle") / "ensemble"
    report = ended.study.export(directory, winner="ensemble")
    assert report.is_test_read_now
    assert len(report.readings) == 3
    return directory


def test_an_exported_ensemble_predicts_the_weighted_mean_of_its_members(
    ended: Ended, exported: Path, tmp_path: Path
) -> None:
    corpus = search.open_corpus("hard.csv")
    texts = list(corpus.texts[:20])
    mean = np.zeros((20, len(corpus.label_names)))
    for place, component in enumerate(ended.find(Kind.ENSEMBLE).components):
        folder = tmp_path / str(place)
        folder.mkdir()
        record = ended.workspace.server.record(component.run_id)
        alone = search.load(record.download(MODEL_PATH, folder))
        mean += component.weight * alone.predict_probabilities(texts)
    assert search.load(exported).predict_probabilities(texts) == pytest.approx(mean, abs=1e-6)


def test_the_loss_on_test_is_that_of_the_bundle_and_is_read_once(
    ended: Ended, exported: Path, tmp_path: Path
) -> None:
    corpus = search.open_corpus("hard.csv")
    rows = split_corpus(corpus, seed=0).test
    predicted = search.load(exported).predict_probabilities([corpus.texts[row] for row in rows])
    measured = json.loads((exported / "metrics.json").read_text(encoding="utf-8"))["test"]
    assert measured["loss"] == pytest.approx(cross_entropy(predicted, corpus.labels[rows]))
    for winner in ("network", "baseline", "ensemble"):
        again = ended.study.export(tmp_path / winner, winner=winner)
        assert not again.is_test_read_now
    best = ended.find(Kind.NETWORK).components[0].number
    other = next(trial for trial in ended.study.trials if trial.number != best)
    with pytest.raises(search.ExportError, match="its test split was read for") as raised:
        ended.study.export(tmp_path / "other", trial=other.number)
    assert "`again`" in raised.value.hint


@contextmanager
def _taken_away(ended: Ended, candidate: Candidate) -> Iterator[None]:
    """Take the weights of a candidate's first model away, for a while."""
    run_id = candidate.components[0].run_id
    folder = Path(ended.workspace.client.get_run(run_id).info.artifact_uri, MODEL_PATH)
    folder.rename(folder.with_name("elsewhere"))
    try:
        yield
    finally:
        folder.with_name("elsewhere").rename(folder)


@pytest.mark.parametrize("kind", [Kind.NETWORK, Kind.BASELINE])
def test_a_model_whose_weights_are_gone_is_left_out_with_a_sentence(
    ended: Ended, kind: Kind
) -> None:
    lost = ended.find(kind)
    name = lost.components[0].name
    with _taken_away(ended, lost):
        there = ended.contest
        assert any(name in note and "left out" in note for note in there.notes)
        names = {part.name for candidate in there.candidates for part in candidate.components}
        assert name not in names and names
        if kind is Kind.BASELINE:
            done = ended.workspace.run("best", "--winner", "baseline")
            assert done.code == 1 and "there is only: " in done.err
    assert ended.find(kind) == lost


def test_the_network_of_another_trial_is_not_exported_in_its_place(
    ended: Ended, tmp_path: Path
) -> None:
    runs = [trial.run_id for trial in ended.study.trials[:2]]
    uris = [ended.workspace.client.get_run(run_id).info.artifact_uri for run_id in runs]
    one, other = (Path(uri, MODEL_PATH) for uri in uris)
    aside = one.with_name("aside")
    for _ in ("swapped", "and back again"):
        one.rename(aside)
        other.rename(one)
        aside.rename(other)
        if not (tmp_path / "tried").exists():
            (tmp_path / "tried").mkdir()
            with pytest.raises(search.ExportError, match="the model in its run is another one"):
                ended.study.export(tmp_path / "wrong", trial=0, again=True)
    assert not (tmp_path / "wrong").exists()


def test_an_ensemble_may_be_asked_for_with_fewer_members(ended: Ended) -> None:
    found = ended.study.ensemble(max_members=2)
    assert len(found.components) == 2
    assert sum(part.weight for part in found.components) == pytest.approx(1.0)
    with pytest.raises(search.StudyError, match="2 or more"):
        ended.study.ensemble(max_members=1)


def test_after_another_trial_there_is_one_run_of_the_ensemble_again(
    ended: Ended, exported: Path
) -> None:
    done = ended.workspace.run(*SEARCH, "--trials", "4", "--winner", "network")
    assert done.code == 0, done.err
    assert "Chosen: the best network" in done.out or "Winner: the best network" in done.out
    assert "--winner network --export winner" in done.out
    runs = ended.workspace.child_runs(ended.study.name, "ensemble")
    ensembles = [c for c in ended.contest.candidates if c.kind is Kind.ENSEMBLE]
    assert [run.info.run_id for run in runs] == [c.run_id for c in ensembles]
    idle = ended.workspace.run(*SEARCH, "--trials", "4")
    assert "is done already" in idle.err
    assert len(ended.workspace.child_runs(ended.study.name, "ensemble")) == len(ensembles)


def _write_hard(path: Path) -> None:
    """Write texts in which words count unless "no" is before them, with labels nine times right."""
    dice, names = random.Random(1), list(WORDS)
    rows = ["plot,genre"]
    for number in range(240):
        labels = [name for name in names if dice.random() < 0.4] or [dice.choice(names)]
        words = dice.choices(FILLER, k=6)
        for name in names:
            if name in labels:
                words += dice.choices(WORDS[name].split(), k=1)
            elif dice.random() < 0.5:
                words += ["no", dice.choice(WORDS[name].split())]
        told = [label if dice.random() < 0.9 else dice.choice(names) for label in labels]
        rows.append(f"{' '.join(words)} {number},{'|'.join(dict.fromkeys(told))}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
