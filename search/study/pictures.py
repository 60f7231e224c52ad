"""The pictures of a study: of its best trials, and of the search. Owns which trials they show."""

from collections.abc import Mapping, Sequence

from ..plots.figures import png
from ..plots.search.pictures import draw_pictures
from ..plots.search.search import Search
from ..plots.studies import study_curves
from ..report.summary import Summary
from ..space.space import Space
from ..trial.importance import Importance
from ..trial.ranking import rank
from ..trial.state import TrialState
from ..trial.trial import Trial


def draw_best_trials(summary: Summary) -> bytes | None:
    """Draw the learning curves of the ten best trials on one picture.

    The target is drawn where it is a loss.

    Returns:
        A PNG; None before a trial has learning curves.
    """
    objective, best = summary.objective, summary.best
    ranked = [trial for trial in rank(summary.trials, objective) if trial.curves.n_epochs]
    if not ranked:
        return None
    figure = study_curves(
        ranked,
        None if best is None else best.number,
        objective,
        target=summary.target if objective.is_loss else None,
        prior=summary.prior_loss,
        title=summary.study,
    )
    return png(figure)


def draw_search(
    summary: Summary, space: Space, importances: Sequence[Importance] | None
) -> Mapping[str, bytes]:
    """Draw how the search went: a picture each, and one page with all of them.

    Args:
        summary: of the study; trials that run, were refused or were not trained again are left
            out, baselines are levels to compare with.
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
            trials=[trial for trial in summary.trials if _is_drawn(trial)],
            space=space,
            objectives=summary.objectives,
            target=summary.target,
            levels={baseline.name: baseline.metrics[metric] for baseline in summary.baselines},
            importances=importances,
            leading=frozenset(trial.number for trial in leading),
        )
    )


def _is_drawn(trial: Trial) -> bool:
    """Tell whether a trial was trained here, or failed."""
    is_over = trial.state is not TrialState.RUNNING
    return is_over and not trial.is_refused and not trial.is_reused
