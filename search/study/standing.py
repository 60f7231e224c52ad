"""What a study shows of itself in MLflow: leaderboard, verdict and pictures.

Owns which trials each of them shows.
"""

from collections.abc import Mapping, Sequence

from ..engines.importance import importances
from ..plots.figures import png
from ..plots.search.pictures import draw_pictures
from ..plots.search.search import Search
from ..plots.studies import study_curves
from ..report.leaderboard import format_csv, format_json
from ..report.summary import Summary
from ..space.space import Space
from ..tracking.record import Record
from ..trial.importance import Importance
from ..trial.ranking import rank
from ..trial.state import TrialState
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
    contest = summary.contest
    if contest is not None:
        winner, metric = contest.find(), summary.objective.metric
        run.tags({"winner": winner.kind, "winner_name": winner.name})
        run.metrics({f"winner_{metric}": winner.metrics[metric]}, step=len(summary.trials))
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
    """Draw the epochs of the ten best trials on one picture, once a trial has some.

    The target is drawn where it is a loss.
    """
    objective, settings = summary.objective, summary.stored.settings
    ranked = [trial for trial in rank(summary.trials, objective) if trial.curves.n_epochs]
    if ranked:
        figure = study_curves(
            ranked,
            None if summary.best is None else summary.best.number,
            objective,
            target=settings.target if objective.is_loss else None,
            prior=settings.prior_loss,
            title=summary.study,
        )
        run.file("plots/best_trials.png", png(figure))


def draw_search(
    summary: Summary, space: Space, importances: Sequence[Importance] | None
) -> Mapping[str, bytes]:
    """Draw how the search went: a picture each, and one page with all of them.

    Trials that run, were refused or were not trained again are left out.

    Args:
        summary: of the study; its baselines are drawn as levels to compare with.
        space: that was searched.
        importances: of the hyperparameters; None where there are too few trials.

    Returns:
        Contents by the artifact's path; empty before a trial has a value.
    """
    metric = summary.objective.metric
    leading = summary.front or [trial for trial in (summary.best,) if trial is not None]
    return draw_pictures(
        Search(
            title=summary.study,
            trials=[trial for trial in summary.trained if trial.state is not TrialState.RUNNING],
            space=space,
            objectives=summary.objectives,
            target=summary.stored.settings.target,
            levels={baseline.name: baseline.metrics[metric] for baseline in summary.baselines},
            importances=importances,
            leading=frozenset(trial.number for trial in leading),
        )
    )
