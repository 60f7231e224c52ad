"""Where the MLflow UI shows runs. Owns the addresses, which are MLflow 3.17's."""

from urllib.parse import quote


def comparison_address(
    root: str, *, experiment_id: str, study_run_id: str, metric: str, is_minimized: bool
) -> str:
    """Give the address of the charts of a study's trials and baselines, best first.

    A bare experiment opens in MLflow's GenAI view, and runs below a study's stay folded and out of
    the charts while sorted by creation time (MLflow 3.17, tried in a browser): so the view, the
    runs and their order are in the address.

    Args:
        root: address of the server, such as http://127.0.0.1:5000.
        experiment_id: the experiment that the study's run is in.
        study_run_id: the study's run, below which the others are.
        metric: by which trials are sorted.
        is_minimized: whether the smallest comes first.
    """
    wanted = f"tags.`mlflow.parentRunId` = '{study_run_id}'"
    return (
        f"{root}/#/experiments/{experiment_id}/runs?workflowType=machine_learning"
        f"&compareRunsMode=CHART&orderByKey={quote(f'metrics.`{metric}`')}"
        f"&orderByAsc={str(is_minimized).lower()}&searchFilter={quote(wanted)}"
    )


def run_address(root: str, *, experiment_id: str, run_id: str) -> str:
    """Give the address of one run, with its description, metrics and artifacts."""
    return f"{root}/#/experiments/{experiment_id}/runs/{run_id}"
