"""What is said on standard error, and where a user sees what was recorded.

Owns the command that starts MLflow's UI for a store.
"""

from pathlib import Path

import click

from .problems import word_note


def say(sentence: str) -> None:
    """Print a sentence on standard error."""
    click.echo(word_note(sentence), err=True)


def find_ui(tracking_uri: str) -> tuple[str, str]:
    """Give the command that starts MLflow's UI on a store, and the root of its addresses."""
    if tracking_uri.startswith("http"):
        return f"the server at {tracking_uri} runs", tracking_uri.rstrip("/")
    defaults = ("mlflow.db", str(Path("mlflow.db").absolute()))
    is_default = tracking_uri.removeprefix("sqlite:///") in defaults
    store = "" if is_default else f" --backend-store-uri {tracking_uri}"
    return f"mlflow ui{store}", "http://127.0.0.1:5000"


def print_run(tracking_uri: str, experiment_id: str, run_id: str) -> None:
    """Print where a run is seen, on standard error."""
    from ..tracking.address import run_address

    command, root = find_ui(tracking_uri)
    address = run_address(root, experiment_id=experiment_id, run_id=run_id)
    say(f"recorded: {command}, then open {address}")
