"""What a study's run and a trial's network are recorded with. Owns what goes where in MLflow."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..data.describe import describe
from ..data.masking import outcome_names
from ..errors import TrackingError
from ..export.bundle import MODEL_FILE, Bundle, write_bundle
from ..plots.comparison import ComparedCurves, comparison_curves
from ..plots.figures import png
from ..report import comparison as comparisons
from ..report.audit_page import audit_page
from ..report.comparison import Comparison
from ..report.leaderboard import as_csv, as_json
from ..space.codec import to_yaml
from ..study.result import CHECKPOINT_PATH
from ..study.trial import TrainedTrial
from ..tracking.mlflow_tracker import MlflowTracker
from ..tracking.record import Record
from .divided import Divided
from .environment import environment
from .opened import OpenStudy
from .prepared import Prepared


def describe_study(tracker: MlflowTracker, prepared: Prepared) -> None:
    """Write down what a study is about and what it runs on."""
    target = prepared.request.budget.target
    fingerprint = prepared.fingerprint.as_dict()
    about_corpus = ("data", "split")
    tracker.study.tags(
        {
            "study": prepared.name,
            "space": prepared.space.name,
            "space_hash": fingerprint.pop("space"),
            "target": "none" if target is None else target,
        }
        | {key: value for key, value in fingerprint.items() if key not in about_corpus}
    )
    tracker.study.file("space.yaml", to_yaml(prepared.space).encode())
    describe_corpus(tracker.study, prepared.divided)


def describe_corpus(run: Record, divided: Divided) -> None:
    """Write down what a run is trained on, and with which versions."""
    corpus, here = divided.corpus, environment()
    run.tags(
        {
            "corpus": corpus.name,
            "data_sha256": corpus.sha256,
            "split_sha256": divided.split.sha256,
            "prior_loss": f"{divided.prior_loss:.4f}",
            "leaks": "yes" if divided.audit.leaks else "no",
        }
        | {f"version.{name}": value for name, value in here.items()}
    )
    files = {
        "data.json": json.dumps(_describe_data(divided), ensure_ascii=False, indent=1),
        "audit.json": json.dumps(divided.audit.to_dict(), ensure_ascii=False, indent=1),
        "audit.html": audit_page(divided.audit),
        "environment.json": json.dumps(dict(here), indent=1),
    }
    for path, text in files.items():
        run.file(path, text.encode())


def _describe_data(divided: Divided) -> dict[str, object]:
    split = divided.split
    return describe(divided.corpus).to_dict() | {
        "labels_without_validation": split.labels_without_validation,
        "labels_without_test": split.labels_without_test,
    }


def save_network(
    divided: Divided, trained: TrainedTrial, origin: Mapping[str, Any], directory: Path
) -> None:
    """Write a trained network with all that it takes to predict into a folder that is there.

    Args:
        divided: what it was trained on.
        trained: the network.
        origin: where it comes from, beside data, seed and versions.
        directory: the folder.
    """
    corpus = divided.corpus
    trained.classifier.save(directory / MODEL_FILE)
    bundle = Bundle(
        task=corpus.task,
        label_names=corpus.label_names,
        negative_name=corpus.negative_name,
        thresholds=tuple(float(threshold) for threshold in trained.thresholds),
        encoding=trained.encoding,
        vocabulary=trained.vocabulary,
        hyperparameters=trained.proposal.hyperparameters,
        metrics={"validation": trained.scores.measured()},
        origin={
            **origin,
            "corpus": corpus.name,
            "data_sha256": corpus.sha256,
            "split_sha256": divided.split.sha256,
            "trial_seed": trained.proposal.seed,
            **environment(),
        },
        masked_names=outcome_names(corpus) if divided.source.mask_label_names else (),
    )
    write_bundle(bundle, directory)


def record_standing(study: OpenStudy) -> None:
    """Write down what a study has come to so far."""
    summary, run = study.summary(), study.tracker.study
    rows = summary.rows()
    run.describe(summary.markdown())
    run.file("leaderboard.json", as_json(rows).encode())
    run.file("leaderboard.csv", as_csv(rows).encode())
    verdict = summary.reach.verdict
    if verdict is not None:
        run.tags({"target_verdict": verdict.value})
    best = summary.best
    if best is not None and best.value is not None:
        n_trials = len(summary.records)
        run.metrics({f"best_{summary.objective.metric}": best.value}, step=n_trials)
        run.tags({"best_trial": best.number, "best_run_id": best.facts["run_id"]})


def fetch_checkpoint(study: OpenStudy, number: int, directory: Path) -> Path | None:
    """Copy the checkpoint of a trial into a directory; give its folder, None where it is gone."""
    record = next(record for record in study.engine.records() if record.number == number)
    if "has_checkpoint" not in record.facts:
        return None
    try:
        return study.server.record(record.facts["run_id"]).download(CHECKPOINT_PATH, directory)
    except TrackingError:
        return None


def record_comparison(run: Record, comparison: Comparison) -> None:
    """Write down what a comparison came to: the table in three forms, and all curves."""
    markdown = comparisons.as_markdown(comparison)
    run.describe(markdown)
    files = {
        "comparison.md": markdown.encode(),
        "comparison.csv": comparisons.as_csv(comparison).encode(),
        "comparison.json": comparisons.as_json(comparison).encode(),
    }
    for path, content in files.items():
        run.file(path, content)
    curves = [
        ComparedCurves(
            row.name,
            **{name: [t.epochs[name] for t in row.finished] for name in comparisons.CURVES},
        )
        for row in comparison.rows
        if row.finished
    ]
    if curves:
        figure = comparison_curves(
            curves,
            prior=comparison.prior_loss,
            trivial_accuracy=comparison.trivial_accuracy,
            trivial=comparison.trivial,
            title=comparison.corpus,
        )
        run.file("plots/comparison.png", png(figure))
