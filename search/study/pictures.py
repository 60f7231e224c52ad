"""The pictures of a study: of its best trials, and of the search. Owns which trials they show."""

from collections.abc import Collection, Mapping, Sequence

from ..plots.figures import png
from ..plots.search.pictures import draw_pictures
from ..plots.search.search import Search
from ..plots.studies import study_curves
from ..space.space import Space
from ..trial.baseline import Baseline
from ..trial.importance import Importance
from ..trial.objective import Objective, Objectives
from ..trial.ranking import rank
from ..trial.state import TrialState
from ..trial.trial import Trial


def draw_best_trials(
    trials: Sequence[Trial],
    objective: Objective,
    *,
    target: float | None,
    prior_loss: float | None,
    winner: int | None,
    title: str,
) -> bytes | None:
    """Draw the learning curves of the ten best trials on one picture.

    Args:
        trials: of the study, in any order.
        objective: by which they are ranked.
        target: value of the objective that the study should reach; drawn where that is the loss.
        prior_loss: validation loss of the label priors, where it is known.
        winner: number of the trial that wins; None where none can win yet.
        title: shown above.

    Returns:
        A PNG; None before a trial has learning curves.
    """
    ranked = [trial for trial in rank(trials, objective) if trial.curves.n_epochs]
    if not ranked:
        return None
    figure = study_curves(
        ranked,
        winner,
        objective,
        target=target if objective.is_loss else None,
        prior=prior_loss,
        title=title,
    )
    return png(figure)


def draw_search(
    trials: Sequence[Trial],
    space: Space,
    objectives: Objectives,
    *,
    target: float | None,
    baselines: Sequence[Baseline],
    leading: Collection[int],
    importances: Sequence[Importance] | None,
    title: str,
) -> Mapping[str, bytes]:
    """Draw how the search went: a picture each, and one page with all of them.

    Args:
        trials: of the study, by number; those that run, were refused or were not trained again
            are left out.
        space: that was searched.
        objectives: of the study.
        target: value of the first objective that the study should reach.
        baselines: drawn as levels to compare with.
        leading: number of the winner; with several objectives, numbers of the trials on the front.
        importances: of the hyperparameters; None where there are too few trials.
        title: shown above.

    Returns:
        Contents by the artifact's path; empty before a trial has a value.
    """
    metric = objectives.first.metric
    return draw_pictures(
        Search(
            title=title,
            trials=[trial for trial in trials if _is_drawn(trial)],
            space=space,
            objectives=objectives,
            target=target,
            levels={baseline.name: baseline.metrics[metric] for baseline in baselines},
            importances=importances,
            leading=frozenset(leading),
        )
    )


def _is_drawn(trial: Trial) -> bool:
    """Tell whether a trial was trained here, or failed."""
    is_over = trial.state is not TrialState.RUNNING
    return is_over and not trial.is_refused and not trial.is_reused
