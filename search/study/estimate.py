"""How long the trials of a study would take, and how large their networks would be.

Owns whose trials tell it where some were run, and which networks are timed where none were.
"""

from collections.abc import Iterator, Sequence

from ..errors import StudyError
from ..report.forecast import TrialEstimate
from ..space.hyperparameters import Hyperparameters
from ..store.study_store import StudyStore
from ..store.trial_store import TrialStore
from ..training.determinism import make_deterministic
from ..training.pace import measure_pace
from ..trial.limits import PARAMETERS
from ..trial.proposal import Proposal, SpaceExhausted
from ..trial.trial import Trial
from .setup import Setup

_N_DRAWN = 2
"""Drawn configurations that are timed, beside the first known good start."""
_CLOSING_SECONDS = 1.5
"""What a trial takes for its measures, pictures and record once it is trained: the median of 40
trials on 8,807 texts with 42 labels (1.1 to 2.9)."""
_ALIKE = frozenset({"data", "space", "epochs", "engine"})
"""Parts of two fingerprints by which trials of one study take as long as those of the other."""


def estimate_trial(
    setup: Setup, store: StudyStore | None, trials: Sequence[Trial]
) -> TrialEstimate:
    """Estimate a trial by those that were run, of this study or of one like it, else by timing.

    Args:
        setup: of the study.
        store: with this and other studies, if there are any.
        trials: of this study.

    Raises:
        StudyError: the space gives nothing that could be timed.
    """
    known = _summarize(trials, setup.name)
    if known is None and store is not None:
        known = next(_summarize_alike(setup, store), None)
    return known or _time_first(setup)


def _summarize(trials: Sequence[Trial], study: str) -> TrialEstimate | None:
    run = [trial for trial in trials if trial.counts and trial.seconds is not None]
    sizes = [trial.metrics.get("parameters", 0) for trial in run]
    seconds = tuple(trial.seconds or 0.0 for trial in run)
    return TrialEstimate(seconds, int(max(sizes)), study) if run else None


def _summarize_alike(setup: Setup, store: StudyStore) -> Iterator[TrialEstimate]:
    """Summarize other studies whose trials take as long, the one searched last first."""
    for other in sorted(store.studies(), key=lambda study: study.last_searched, reverse=True):
        differences = setup.fingerprint.list_differences(other.settings.fingerprint)
        if other.name != setup.name and _ALIKE.isdisjoint(differences):
            known = _summarize(store.trials(other.name), other.name)
            yield from [] if known is None else [known]


def _time_first(setup: Setup) -> TrialEstimate:
    """Time the first start and two draws, each for all epochs that a trial may have.

    Raises:
        StudyError: the space gives nothing that could be timed.
    """
    plan = setup.plan
    if plan.is_deterministic:
        make_deterministic()
    seconds, sizes = [], []
    for proposal in _list_first_proposals(setup):
        try:
            hyperparameters = Hyperparameters.from_values(proposal.hyperparameters)
            pace = measure_pace(hyperparameters, setup.data, seed=proposal.seed)
        except FloatingPointError:
            continue
        seconds.append(pace.seconds(plan.n_epochs) + _CLOSING_SECONDS)
        sizes.append(setup.count_parameters(proposal.hyperparameters))
    if not seconds:
        raise StudyError(
            f"{plan.space.name}: expected a network that can be timed, found none among the "
            "first that the study would try",
            "Raise `max_parameters`, or narrow the space.",
        )
    return TrialEstimate(tuple(seconds), max(sizes), study=None)


def _list_first_proposals(setup: Setup) -> Iterator[Proposal]:
    """Give what a new study would try first, and the first it would draw, with their seeds.

    Networks that are refused as too large are left out.
    """
    plan = setup.plan
    trial_store = TrialStore.in_memory(
        plan.space, setup.make_proposer(), seed=plan.seed, directions=plan.objectives.directions
    )
    for preset in plan.enqueued:
        trial_store.enqueue_preset(preset)
    trial_store.enqueue_starts()
    n_starts = len(trial_store.waiting())
    for index in range(n_starts + _N_DRAWN):
        try:
            proposal = trial_store.ask()
        except SpaceExhausted:
            return
        n_parameters = setup.count_parameters(proposal.hyperparameters)
        excess = plan.limits.violations({PARAMETERS: n_parameters})
        is_allowed = all(x <= 0 for x in excess.values())
        if is_allowed and (index == 0 or index >= n_starts):
            yield proposal
