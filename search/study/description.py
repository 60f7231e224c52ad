"""What a run says of its study, its corpus and its environment."""

import json

from ..data import description
from ..data.division import DividedCorpus
from ..report.audit_page import render_audit_page
from ..space.codec import to_yaml
from ..tracking.mlflow_tracker import MlflowTracker
from ..tracking.record import Record
from .environment import environment
from .setup import Setup


def describe_study(tracker: MlflowTracker, setup: Setup) -> None:
    """Write down what a study is about and what it runs on."""
    target = setup.plan.target
    parts = setup.fingerprint.parts
    about_corpus = ("data", "split")
    tracker.study.tags(
        {
            "study": setup.name,
            "space": setup.plan.space.name,
            "space_hash": parts.pop("space"),
            "target": "none" if target is None else target,
        }
        | {name: part for name, part in parts.items() if name not in about_corpus}
    )
    tracker.study.file("space.yaml", to_yaml(setup.plan.space).encode())
    describe_corpus(tracker.study, setup.divided)


def describe_corpus(run: Record, divided: DividedCorpus) -> None:
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
        "audit.html": render_audit_page(divided.audit),
        "environment.json": json.dumps(dict(here), indent=1),
    }
    for path, text in files.items():
        run.file(path, text.encode())


def _describe_data(divided: DividedCorpus) -> dict[str, object]:
    split = divided.split
    return description.describe_corpus(divided.corpus).to_dict() | {
        "labels_without_validation": split.labels_without_validation,
        "labels_without_test": split.labels_without_test,
    }
