"""What a study's run and a trial's network are recorded with. Owns what goes where in MLflow."""

import json
from dataclasses import asdict
from pathlib import Path

from ..data.describe import describe
from ..engines.optuna_engine import OptunaEngine
from ..export.bundle import MODEL_FILE, Bundle, write_bundle
from ..report.leaderboard import as_csv, as_json, leaderboard
from ..report.summary import Summary
from ..space.codec import to_yaml
from ..study.trial import TrainedTrial
from ..tracking.mlflow_tracker import MlflowTracker
from .environment import environment
from .prepared import Prepared


def describe_study(tracker: MlflowTracker, prepared: Prepared) -> None:
    """Write down what a study is about and what it runs on."""
    here, target = environment(), prepared.request.budget.target
    fingerprint = prepared.fingerprint.as_dict()
    tracker.study.tags(
        {
            "study": prepared.name,
            "corpus": prepared.corpus.name,
            "space": prepared.space.name,
            "data_sha256": fingerprint.pop("data"),
            "split_sha256": fingerprint.pop("split"),
            "space_hash": fingerprint.pop("space"),
            "target": "none" if target is None else target,
            "prior_loss": f"{prepared.prior_loss:.4f}",
        }
        | fingerprint
        | {f"version.{name}": value for name, value in here.items()}
    )
    files = {
        "space.yaml": to_yaml(prepared.space),
        "data.json": json.dumps(describe(prepared.corpus).to_dict(), ensure_ascii=False, indent=1),
        "environment.json": json.dumps(dict(here), indent=1),
    }
    for path, text in files.items():
        tracker.study.file(path, text.encode())


def save_network(prepared: Prepared, trained: TrainedTrial, directory: Path) -> None:
    """Write a trained network with all that it takes to predict into a folder that is there."""
    corpus = prepared.corpus
    trained.classifier.save(directory / MODEL_FILE)
    bundle = Bundle(
        task=corpus.task,
        label_names=corpus.label_names,
        negative_name=corpus.negative_name,
        thresholds=tuple(float(threshold) for threshold in trained.thresholds),
        encoding=trained.encoding,
        vocabulary=trained.vocabulary,
        hyperparameters=trained.proposal.hyperparameters,
        metrics={"validation": asdict(trained.scores)},
        origin={
            "study": prepared.name,
            "trial": trained.proposal.number,
            "corpus": corpus.name,
            "data_sha256": corpus.sha256,
            "split_sha256": prepared.split.sha256,
            "study_seed": prepared.request.seed,
            "trial_seed": trained.proposal.seed,
        }
        | dict(environment()),
    )
    write_bundle(bundle, directory)


def current_summary(prepared: Prepared, engine: OptunaEngine) -> Summary:
    """Collect what a study has come to so far."""
    return Summary(
        study=prepared.name,
        objective=prepared.request.objective,
        target=prepared.request.budget.target,
        prior_loss=prepared.prior_loss,
        floor=prepared.corpus.floor,
        records=engine.records(),
    )


def record_standing(tracker: MlflowTracker, summary: Summary) -> None:
    """Write down what a study has come to so far."""
    rows = leaderboard(summary.records, summary.objective)
    tracker.study.describe(summary.markdown())
    tracker.study.file("leaderboard.json", as_json(rows).encode())
    tracker.study.file("leaderboard.csv", as_csv(rows).encode())
    best = summary.best
    if best is not None and best.value is not None:
        tracker.study.metrics({f"best_{summary.objective.metric}": best.value}, step=len(rows))
        tracker.study.tags({"best_trial": best.number, "best_run_id": best.facts["run_id"]})
