"""Where a user sees what was recorded. Owns the command that starts MLflow's UI for a store."""

from pathlib import Path

import click


def ui_of(tracking_uri: str) -> tuple[str, str]:
    """Give the command that starts MLflow's UI on a store, and the root of its addresses."""
    if tracking_uri.startswith("http"):
        return f"the server at {tracking_uri} runs", tracking_uri.rstrip("/")
    command = "mlflow ui"
    if tracking_uri.removeprefix("sqlite:///") not in (
        "mlflow.db",
        str(Path("mlflow.db").absolute()),
    ):
        command += f" --backend-store-uri {tracking_uri}"
    return command, "http://127.0.0.1:5000"


def tell_run(tracking_uri: str, experiment_id: str, run_id: str) -> None:
    """Print where a run is seen, on standard error."""
    from ..tracking.address import run_address

    command, root = ui_of(tracking_uri)
    address = run_address(root, experiment_id=experiment_id, run_id=run_id)
    click.echo(f"recorded: {command}, then open {address}", err=True)
