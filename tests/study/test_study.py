"""The Python interface: a tiny corpus of texts in memory, searched from Python alone."""

import csv
import inspect
import math
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import search
from search.cli import cli
from search.store.study_store import MissingStoreError
from search.study.ending import Ending
from search.study.study import SearchReport
from search.trial.events import EpochEnded, Event, TrialEnded
from search.trial.state import TrialState
from tests.films import WORDS, write_films
from tests.study.small import SPACE
from tests.workspace import FOREIGN, ROOT, Workspace, make_workspace

DETECTIVE = "a detective hunts a killer in the old town"
HEAVY = ("tensorflow", "keras", "mlflow", "optuna", "pandas")


@dataclass(frozen=True, slots=True)
class Searched:
    """A study of two trials, and what it called on the way."""

    study: search.Study
    report: SearchReport
    said: list[str]
    events: list[Event]


@pytest.fixture(scope="module")
def workspace(
    mlflow_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workspace]:
    """A working folder with the films, which nothing but this module's studies write to."""
    workspace = make_workspace(tmp_path_factory.mktemp("python"), mlflow_database)
    write_films(workspace.folder / "films.csv")
    (workspace.folder / "small.yaml").write_text(SPACE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workspace.folder)
        for name in FOREIGN:
            patch.delenv(name, raising=False)
        patch.setenv("MLFLOW_TRACKING_URI", workspace.tracking_uri)
        yield workspace


def make_corpus(workspace: Workspace) -> search.Corpus:
    """Make a corpus of the films in memory."""
    with (workspace.folder / "films.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts, labels = zip(*((row["plot"], row["genre"].split("|")) for row in rows), strict=True)
    return search.Corpus.from_lists(texts, labels, name="memory")


def make_study(workspace: Workspace, name: str = "films", **changed: Any) -> search.Study:
    settings: dict[str, Any] = {"space": "small.yaml", "epochs": 2, "target": None}
    return search.Study(name, make_corpus(workspace), **settings | changed)


@pytest.fixture(scope="module")
def searched(workspace: Workspace) -> Searched:
    said: list[str] = []
    events: list[Event] = []
    study = make_study(workspace)
    report = study.search(2, on_message=said.append, on_event=events.append)
    return Searched(study, report, said, events)


@pytest.fixture(scope="module")
def confirmed(searched: Searched) -> SearchReport:
    return searched.study.confirm(1)


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with nothing in it, which holds both stores by default."""
    monkeypatch.chdir(tmp_path)
    for name in FOREIGN:
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_the_public_names() -> None:
    assert sorted(vars(search)["__all__"]) == [
        "Categorical",
        "Condition",
        "Corpus",
        "DataError",
        "Dimension",
        "Ending",
        "EpochEnded",
        "ExportError",
        "Fixed",
        "Float",
        "Int",
        "Prediction",
        "Preset",
        "SearchError",
        "Space",
        "SpaceError",
        "Start",
        "StopReason",
        "Study",
        "StudyError",
        "TrackingError",
        "Trial",
        "TrialEnded",
        "TrialRefused",
        "TrialReused",
        "TrialStarted",
        "TrialState",
        "Verdict",
        "compare",
        "list_studies",
        "load",
        "open_corpus",
        "open_preset",
        "open_space",
        "open_study",
        "train",
    ]
    assert all(getattr(search, name) is not None for name in vars(search)["__all__"])


@pytest.mark.parametrize(
    "program",
    [
        pytest.param("import search", id="import"),
        pytest.param("import search; search.Study('films', 'films.csv', epochs=2)", id="a study"),
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(program: str) -> None:
    shown = f"import sys; {program}; print(sorted(set({HEAVY}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", shown], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "[]\n"


def test_a_study_is_made_without_reading_or_writing_anything(empty: Path) -> None:
    # There is no such file.
    study = search.Study("films", "films.csv")
    assert (study.name, repr(study)) == ("films", "Study('films')")
    assert (study.trials, study.best) == ([], None)
    with pytest.raises(search.StudyError, match="expected a database of studies, found none"):
        _ = study.summary
    assert list(empty.iterdir()) == []


BAD_ARGUMENTS = {
    "name with a space": ("name", "a b", {}),
    "name that is taken": ("name", "latest", {}),
    "empty name": ("name", "", {}),
    "unknown space": ("space", "nosuch", {}),
    "space file that is not there": ("space", "nosuch.yaml", {}),
    "unknown objective": ("objective", "loss", {}),
    "no measure of quality": ("objective", "parameters", {}),
    "no epoch": ("epochs", 0, {}),
    "half an epoch": ("epochs", 2.5, {}),
    "negative seed": ("seed", -1, {}),
    "target in words": ("target", "low", {}),
    "target that is no number": ("target", math.nan, {}),
    "no parameter": ("max_parameters", 0, {}),
    "negative gap": ("max_gap", -0.1, {}),
    "unknown engine": ("engine", "hyperopt", {}),
    "unknown sampler": ("sampler", "nosuch", {}),
    "unknown option": ("sampler_options", {"nosuch": 1}, {}),
    "option out of range": ("sampler_options", ["n_startup_trials=-1"], {}),
    "unknown pruner": ("pruner", "nosuch", {}),
    "unknown option of the pruner": ("pruner_options", ["nosuch=1"], {}),
    "tuner without its engine": ("tuner", "random", {}),
    "unknown tuner": ("tuner", "nosuch", {"engine": "keras-tuner"}),
    "unknown option of the tuner": ("tuner_options", {"nosuch": 1}, {"engine": "keras-tuner"}),
    "sampler of another engine": ("sampler", "tpe", {"engine": "keras-tuner"}),
    "unknown preset": ("enqueue", ["nosuch"], {}),
    "preset as a string": ("enqueue", "genre-rnn", {}),
    "start from latest": ("start_from", "latest", {}),
    "no network kept": ("keep", 0, {}),
}


@pytest.mark.parametrize(
    ("parameter", "value", "others"), BAD_ARGUMENTS.values(), ids=BAD_ARGUMENTS.keys()
)
def test_a_bad_argument_is_refused_by_its_name_before_anything_is_written(
    empty: Path, parameter: str, value: object, others: dict[str, Any]
) -> None:
    arguments = {"name": "films", "corpus": "synopses"} | others | {parameter: value}
    with pytest.raises((search.StudyError, search.SpaceError)) as raised:
        search.Study(**arguments)
    assert raised.value.parameter == parameter
    assert raised.value.message
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        pytest.param("trials", 0, id="no trial"),
        pytest.param("trials", 2.5, id="half a trial"),
        pytest.param("timeout", 0, id="no time"),
        pytest.param("timeout", math.nan, id="time that is no number"),
        pytest.param("patience", 0, id="no patience"),
        pytest.param("confirm", -1, id="negative confirmation"),
    ],
)
def test_a_bad_budget_is_refused_by_its_name(empty: Path, parameter: str, value: Any) -> None:
    with pytest.raises(search.StudyError) as raised:
        search.Study("films", "synopses").search(**{parameter: value})
    assert raised.value.parameter == parameter
    assert list(empty.iterdir()) == []


def test_data_that_cannot_be_read_are_refused_at_the_first_use(empty: Path) -> None:
    with pytest.raises(search.DataError, match=r"no file is at .*films\.csv") as raised:
        search.Study("films", "films.csv").search()
    assert raised.value.parameter == "corpus"
    with pytest.raises(search.DataError, match=r"nosuch\.txt") as raised:
        search.Study("films", "synopses", embeddings="nosuch.txt").search()
    assert raised.value.parameter == "embeddings"
    assert list(empty.iterdir()) == []


def test_without_trials_there_is_nothing_to_confirm(empty: Path) -> None:
    study = search.Study("films", "synopses")
    with pytest.raises(search.StudyError, match="expected trials to confirm, found none"):
        study.confirm()
    with pytest.raises(search.StudyError, match="1 or more, got 0") as raised:
        study.confirm(0)
    assert raised.value.parameter == "n"
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize(
    ("parameter", "changed"),
    [
        pytest.param("preset", {"preset": "nosuch"}, id="unknown preset"),
        pytest.param("epochs", {"epochs": 0}, id="no epoch"),
        pytest.param("seed", {"seed": -1}, id="negative seed"),
        pytest.param("weights", {"weights": "first"}, id="unknown weights"),
        pytest.param("objective", {"objective": "gap"}, id="no measure of quality"),
        pytest.param("corpus", {"corpus": "nosuch.csv"}, id="no corpus"),
    ],
)
def test_a_bad_argument_of_a_training_is_refused_by_its_name(
    empty: Path, parameter: str, changed: dict[str, Any]
) -> None:
    with pytest.raises(search.SearchError) as raised:
        search.train(**{"preset": "genre-rnn", "corpus": "synopses"} | changed)
    assert raised.value.parameter == parameter
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize(
    ("parameter", "changed"),
    [
        pytest.param("presets", {"presets": []}, id="no preset"),
        pytest.param("presets", {"presets": ["nosuch"]}, id="unknown preset"),
        pytest.param("presets", {"presets": ["genre-rnn"] * 2}, id="preset twice"),
        pytest.param("presets", {"presets": "genre-rnn"}, id="preset as a string"),
        pytest.param("seeds", {"seeds": []}, id="no seed"),
        pytest.param("seeds", {"seeds": [1, 1]}, id="seed twice"),
        pytest.param("seeds", {"seeds": [-1]}, id="negative seed"),
        pytest.param("cells", {"cells": ["nosuch"]}, id="unknown cell"),
        pytest.param("cells", {"cells": ["gru", "GRU"]}, id="cell twice"),
        pytest.param("weights", {"weights": "first"}, id="unknown weights"),
    ],
)
def test_a_bad_argument_of_a_comparison_is_refused_by_its_name(
    empty: Path, parameter: str, changed: dict[str, Any]
) -> None:
    with pytest.raises(search.SearchError) as raised:
        search.compare(**{"presets": ["genre-rnn"], "corpus": "synopses"} | changed)
    assert raised.value.parameter == parameter
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize(
    ("function", "command", "only_here"),
    [
        pytest.param(search.Study.__init__, ("search",), {"self", "name", "corpus"}, id="study"),
        pytest.param(
            search.Study.search,
            ("search",),
            {"self", "on_message", "on_event", "is_interrupted"},
            id="search",
        ),
        pytest.param(
            search.train,
            ("train", "--preset", "genre-rnn"),
            {"corpus", "export", "on_message", "on_event", "is_interrupted"},
            id="train",
        ),
        pytest.param(
            search.compare,
            ("compare", "--preset", "genre-rnn"),
            {"presets", "corpus", "cells", "seeds", "on_message", "on_event", "is_interrupted"},
            id="compare",
        ),
    ],
)
def test_defaults_are_those_of_the_command_line(
    function: Any, command: tuple[str, ...], only_here: set[str]
) -> None:
    name, *arguments = command
    options = cli.commands[name].make_context(name, arguments).params
    parameters = inspect.signature(function).parameters
    assert set(parameters) - set(options) <= only_here
    for parameter in set(parameters) - only_here:
        default = parameters[parameter].default
        if default is not inspect.Parameter.empty:
            assert default == options[parameter], parameter


def test_a_search_runs_its_trials(searched: Searched) -> None:
    trials = searched.study.trials
    assert [trial.number for trial in trials] == [0, 1]
    assert {trial.state for trial in trials} == {TrialState.COMPLETE}
    assert searched.report.ending is Ending.TRIALS
    assert not searched.report.is_idle
    best = searched.study.best
    assert best is not None and best.val_loss is not None
    assert best.val_loss == best.value == min(trial.val_loss or math.inf for trial in trials)
    # Four labels that half of the texts have: all chances even are a loss of ln 2.
    assert 0 < best.val_loss < 2 * math.log(2)
    assert f"{best.val_loss:.4f}" in str(best)


def test_a_summary_says_what_the_study_has_come_to(searched: Searched) -> None:
    summary = searched.study.summary
    assert [trial.number for trial in summary.trials] == [0, 1]
    assert [baseline.name for baseline in summary.baselines] == [
        "label priors",
        "TF-IDF + logistic regression",
    ]
    assert "Trials: 2 complete." in " ".join(summary.sentences())


def test_a_frame_has_a_row_for_each_trial_and_baseline(searched: Searched) -> None:
    frame = searched.study.frame()
    # A baseline is of a corpus and its split, whatever the study.
    trials = frame[frame["state"] == "COMPLETE"]
    assert trials["study"].tolist() == ["films"] * 2
    assert sorted(frame["state"])[:2] == ["BASELINE"] * 2
    losses = trials["val_loss"].tolist()
    assert losses == sorted(losses)
    assert {"hyperparameters.units_1", "hyperparameters.learning_rate"} <= set(frame.columns)


def test_callbacks_are_called(searched: Searched) -> None:
    assert "study films: 2 trials" in searched.said
    epochs = [event for event in searched.events if isinstance(event, EpochEnded)]
    assert len(epochs) == 2 * 2
    ended = [event for event in searched.events if isinstance(event, TrialEnded)]
    assert [event.number for event in ended] == [0, 1]


def test_a_search_again_runs_nothing(searched: Searched) -> None:
    before = searched.study.trials
    report = searched.study.search(2)
    assert report.is_idle and report.ending is Ending.TRIALS
    assert searched.study.trials == before


def test_a_search_stops_when_it_is_asked_to(workspace: Workspace, searched: Searched) -> None:
    with pytest.raises(KeyboardInterrupt):
        searched.study.search(3, is_interrupted=lambda: True)
    assert len(searched.study.trials) == 2
    assert workspace.study_run("films").data.tags["ended"] == "interrupted"


def test_other_settings_are_refused_and_change_nothing(
    workspace: Workspace, searched: Searched
) -> None:
    n_runs, before = len(workspace.runs()), workspace.store.find("films")
    with pytest.raises(search.StudyError, match="seed was 0, is 1"):
        make_study(workspace, seed=1).search()
    with pytest.raises(search.StudyError, match="expected a free name, but that study exists"):
        make_study(workspace).create()
    assert len(workspace.runs()) == n_runs
    assert workspace.store.find("films") == before


def test_the_best_is_confirmed_with_fresh_seeds(
    searched: Searched, confirmed: SearchReport
) -> None:
    ((number, confirmation),) = confirmed.summary.confirmations.items()
    complete = searched.study.trials
    assert number == min(complete, key=lambda trial: trial.value or math.inf).number
    values = sorted(confirmation.values)
    assert len(values) == 3
    best = searched.study.best
    assert best is not None and best.value == values[1]


def test_texts_in_memory_are_kept_beside_the_studies(
    workspace: Workspace, searched: Searched
) -> None:
    corpus = make_corpus(workspace)
    (path,) = (workspace.folder / "corpora").iterdir()
    assert path.name == f"{corpus.sha256[:16]}.jsonl"
    source = workspace.store.find("films").settings.source
    assert Path(source.source) == path
    again = source.open()
    assert (again.name, again.sha256) == ("memory", corpus.sha256)


def test_a_study_is_opened_without_its_corpus(workspace: Workspace, searched: Searched) -> None:
    opened = search.open_study("films")
    assert opened.trials == searched.study.trials
    assert search.open_study().name == "films"
    with pytest.raises(search.StudyError, match="expected its corpus"):
        opened.search(3)


def test_a_study_is_exported_and_predicts(
    workspace: Workspace, searched: Searched, confirmed: SearchReport, tmp_path: Path
) -> None:
    report = search.open_study("films").export(tmp_path / "winner", winner="network")
    assert report.is_test_read_now and report.test_metrics["loss"] > 0
    assert confirmed.summary.best is not None
    assert report.candidate.components[0].number == confirmed.summary.best.number
    (prediction,) = search.load(tmp_path / "winner").predict([DETECTIVE])
    assert prediction.text == DETECTIVE
    assert set(prediction.labels) <= set(prediction.probabilities) == set(WORDS)
    assert all(0 <= probability <= 1 for probability in prediction.probabilities.values())
    with pytest.raises(search.DataError, match="expected a list of texts, got one string"):
        search.load(tmp_path / "winner").predict(DETECTIVE)
    with pytest.raises(search.ExportError, match="it is there already") as raised:
        searched.study.export(tmp_path / "winner")
    assert "`force`" in raised.value.hint


def test_a_study_is_created_listed_and_deleted(workspace: Workspace, searched: Searched) -> None:
    study = make_study(workspace, "created")
    study.create(5)
    assert study.trials == [] and study.best is None
    assert {row.name for row in search.list_studies()} == {"films", "created"}
    said: list[str] = []
    deletion = study.delete(on_message=said.append)
    assert deletion.study == "created" and deletion.counts == {}
    assert said[-1] == "deleted study created"
    assert {row.name for row in search.list_studies()} == {"films"}
    with pytest.raises(search.StudyError, match="no study named created"):
        search.open_study("created")


def test_a_forecast_does_nothing(workspace: Workspace, searched: Searched) -> None:
    n_runs, before = len(workspace.runs()), workspace.store.find("films")
    forecast = searched.study.forecast(4)
    assert (forecast.study, forecast.n_done, forecast.n_trials) == ("films", 2, 4)
    assert len(workspace.runs()) == n_runs
    assert workspace.store.find("films") == before


def test_without_a_store_nothing_is_opened_or_listed(empty: Path) -> None:
    for call in (search.open_study, search.list_studies):
        with pytest.raises(MissingStoreError, match="expected a database of studies, found none"):
            call()
    with pytest.raises(search.ExportError, match="expected a bundle"):
        search.load("winner")
    assert list(empty.iterdir()) == []
