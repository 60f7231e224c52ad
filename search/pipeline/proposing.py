"""Who proposes a study's trials. Owns the choice of engine, and what is said of its limits.

Loads KerasTuner where it is chosen.
"""

from collections.abc import Iterator
from typing import cast

from ..engines.compatibility import drawn_at_random
from ..engines.engine import Proposer
from ..engines.hyperband import n_sweep_trials
from ..engines.sampling import OptunaProposer
from ..engines.strategy import OPTUNA, Strategy
from .prepared import Prepared


def proposer_of(prepared: Prepared) -> Proposer:
    """Make what proposes the trials of a study."""
    request, space = prepared.request, prepared.space
    strategy = request.strategy
    if strategy.engine == OPTUNA:
        return OptunaProposer(strategy, space, seed=request.seed, n_epochs=request.n_epochs)
    from ..engines.oracle import Tuner
    from ..engines.tuner import TunerProposer

    return TunerProposer(
        space,
        tuner=cast(Tuner, strategy.tuner),
        options=strategy.tuner_options,
        seed=request.seed,
        n_epochs=request.n_epochs,
        is_minimized=request.objectives.first.is_minimized,
    )


def limits_of(prepared: Prepared) -> Iterator[str]:
    """Say what the engine that was chosen cannot do of what was asked, a sentence each."""
    request = prepared.request
    strategy, budget = request.strategy, request.budget
    by = _name_of(strategy)
    if budget.max_gap is not None and not strategy.learns_gap:
        yield f"{by} knows no constraints: trials beyond --max-gap cannot win, but others follow"
    if budget.max_parameters is not None and not strategy.learns_refusals:
        yield f"{by} learns nothing of networks refused by --max-parameters, and draws others"
    if at_random := drawn_at_random(strategy, prepared.space):
        yield f"{by} draws these at random: {', '.join(at_random)}"
    if strategy.tuner == "hyperband":
        factor = int(strategy.tuner_options["factor"])
        n_sweep = n_sweep_trials(request.n_epochs, factor)
        n_known = len(prepared.space.starts) + len(prepared.enqueued)
        n_swept = max(0, budget.n_trials - n_known)
        if n_swept == 0 or n_swept % n_sweep:
            after = f" after {n_known} known starts" if n_known else ""
            yield (
                f"a sweep of Hyperband over {request.n_epochs} epochs has {n_sweep} trials, "
                f"promotions included: {n_swept}{after} cut one short"
            )


def _name_of(strategy: Strategy) -> str:
    kind = "sampler" if strategy.engine == OPTUNA else "tuner"
    return f"--{kind} {getattr(strategy, kind)}"
