"""What a study shows of itself in MLflow: leaderboard, verdict and pictures."""

from ..engines.importance import importances
from ..report.leaderboard import format_csv, format_json
from ..report.summary import Summary
from ..tracking.record import Record
from .pictures import draw_best_trials, draw_search
from .session import Session


def record_standing(run: Record, summary: Summary) -> None:
    """Write down what a study has come to so far."""
    rows = summary.rows()
    run.describe(summary.markdown())
    run.file("leaderboard.json", format_json(rows).encode())
    run.file("leaderboard.csv", format_csv(rows).encode())
    verdict = summary.reach.verdict
    if verdict is not None:
        run.tags({"target_verdict": verdict.value})
    best = summary.best
    if best is not None and best.value is not None:
        n_trials = len(summary.trials)
        run.metrics({f"best_{summary.objective.metric}": best.value}, step=n_trials)
        run.tags({"best_trial": best.number, "best_run_id": best.run_id})


def record_pictures(session: Session, summary: Summary) -> None:
    """Draw how the search went: pictures, and one page with all of them."""
    found = importances(session.store.load(session.name), seed=session.plan.seed)
    for path, content in draw_search(summary, session.plan.space, found).items():
        session.tracker.study.file(path, content)


def record_curves(run: Record, summary: Summary) -> None:
    """Draw the epochs of the ten best trials on one picture."""
    drawn = draw_best_trials(summary)
    if drawn is not None:
        run.file("plots/best_trials.png", drawn)
