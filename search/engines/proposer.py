"""The proposer of a study's trials. Owns the choice of engine and the sentences on its limits.

KerasTuner is loaded only where it is chosen.
"""

from collections.abc import Iterator

from ..space.space import Space
from ..store.trial_store import Proposer
from ..trial.limits import Limits
from .hyperband import count_sweep_trials
from .modelling import list_random
from .optuna_proposer import OptunaProposer
from .strategy import OPTUNA, Strategy


def make_proposer(
    strategy: Strategy, space: Space, *, seed: int, n_epochs: int, is_minimized: bool
) -> Proposer:
    """Make the proposer of a study's trials.

    Args:
        strategy: engine with its settings.
        space: what is searched.
        seed: the study's.
        n_epochs: last epoch of a trial.
        is_minimized: whether a lower value of the first objective is better.
    """
    if strategy.engine == OPTUNA:
        return OptunaProposer(strategy, space, seed=seed, n_epochs=n_epochs)
    from .tuner_proposer import TunerProposer

    return TunerProposer(strategy, space, seed=seed, n_epochs=n_epochs, is_minimized=is_minimized)


def describe_limits(
    strategy: Strategy,
    space: Space,
    limits: Limits,
    *,
    n_epochs: int,
    n_trials: int,
    n_enqueued: int,
) -> Iterator[str]:
    """Say what an engine cannot do of what was asked for, each in a sentence.

    Args:
        strategy: engine with its settings.
        space: what is searched.
        limits: of the study.
        n_epochs: last epoch of a trial.
        n_trials: total of the study.
        n_enqueued: presets that are tried before the starts of the space.
    """
    name = " ".join(strategy.choice)
    method = strategy.method
    if limits.max_gap is not None and not method.learns_gap:
        yield (
            f"{name} does not learn from the limit on the gap: trials beyond it cannot win, but it "
            "may propose more of them"
        )
    if limits.max_parameters is not None and not method.learns_refusals:
        yield f"{name} does not learn from networks refused as too large, and may propose more"
    if at_random := list_random(method, space):
        yield f"{name} draws these at random: {', '.join(at_random)}"
    if strategy.tuner == "hyperband":
        n_sweep = count_sweep_trials(n_epochs, int(strategy.tuner_options["factor"]))
        n_known = len(space.starts) + n_enqueued
        n_swept = max(0, n_trials - n_known)
        if n_swept == 0 or n_swept % n_sweep:
            after = f" after {n_known} known starts" if n_known else ""
            yield (
                f"a sweep of Hyperband over {n_epochs} epochs has {n_sweep} trials, promotions "
                f"included; {n_swept} trials{after} end in the middle of one"
            )
