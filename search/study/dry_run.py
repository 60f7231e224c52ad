"""A search that is described and not done. Owns what is looked up for it; nothing is written.

The studies are read from a copy of their database, and MLflow is not asked at all: its client makes
a database where there is none.
"""

from collections.abc import Mapping
from typing import Any

from ..data.division import DividedCorpus
from ..engines.strategy import Strategy
from ..errors import StudyError
from ..report.forecast import Forecast
from ..space.hyperparameters import to_text
from ..space.space import Space
from ..store.snapshot import snapshot
from ..store.stored_study import StoredStudy
from ..store.study_store import StudyStore
from ..store.trial_store import TrialStore
from ..trial.confirmation import N_SEEDS, disproved_trials
from ..trial.ranking import best_trials, count_done
from ..trial.state import TrialState
from ..trial.trial import Trial
from .budget import Budget
from .ending import Ending, find_ending
from .estimate import estimate_trial
from .places import Places
from .plan import StudyPlan
from .reading import find_known
from .setup import Setup


def forecast_search(setup: Setup, budget: Budget, places: Places) -> Forecast:
    """Find out what a search would do, take and need, without doing any of it.

    Raises:
        StudyError: the study is another one than was asked for, as the search would say.
    """
    with snapshot(places.store_url) as store:
        return _forecast(setup, budget, store)


def _forecast(setup: Setup, budget: Budget, store: StudyStore | None) -> Forecast:
    plan = setup.plan
    known, trials, waiting = _read_standing(setup, store)
    ending, n_confirmations = _find_ending(plan, budget, known, trials)
    is_idle = ending is not None and not n_confirmations
    return Forecast(
        study=setup.name,
        begun_from=plan.start_from,
        is_new=known is None,
        n_done=count_done(trials),
        n_trials=budget.n_trials,
        n_running=sum(trial.state is TrialState.RUNNING for trial in trials),
        waiting=waiting,
        ending=ending,
        space=_describe_space(plan.space),
        data=_describe_data(setup.divided),
        strategy=_describe_strategy(plan.strategy),
        baselines=_describe_baselines(setup, known, store),
        n_epochs=plan.n_epochs,
        n_confirmations=n_confirmations,
        n_kept=plan.n_kept,
        estimate=None if is_idle else estimate_trial(setup, store, trials),
        timeout_seconds=budget.timeout_seconds,
        has_front=plan.objectives.are_several,
        has_checkpoints=plan.strategy.tuner == "hyperband",
    )


def _read_standing(
    setup: Setup, store: StudyStore | None
) -> tuple[StoredStudy | None, list[Trial], list[str]]:
    """Find the study, its trials, and the names of what it would try next.

    Raises:
        StudyError: it was begun with other settings, or the one to start from is not there.
    """
    plan = setup.plan
    presets = [preset.name for preset in plan.enqueued]
    new = None, list[Trial](), presets + [start.name for start in plan.space.starts]
    if store is None:
        if plan.start_from is not None:
            raise StudyError(
                f"expected a study {plan.start_from} to start from, found no database of studies",
                "Say where it is with `storage`.",
            )
        return new
    known = find_known(store, setup.name, setup.fingerprint, start_from=plan.start_from)
    if known is None:
        return new
    study = store.load(setup.name)
    trial_store = TrialStore(study, plan.space, setup.make_proposer(), seed=plan.seed)
    trials, waiting = trial_store.trials(), trial_store.waiting()
    before = {*waiting, *(trial.start for trial in trials)}
    return known, trials, waiting + [name for name in presets if name not in before]


def _find_ending(
    plan: StudyPlan, budget: Budget, known: StoredStudy | None, trials: list[Trial]
) -> tuple[Ending | None, int]:
    """Tell why no trial is left to run, and how many trainings with fresh seeds are, at most."""
    confirmations = {} if known is None else known.confirmations
    disproved = disproved_trials(confirmations, plan.objective, plan.target)
    ending = find_ending(trials, plan, budget, disproved)
    if ending is None:
        return None, N_SEEDS * budget.n_confirmed
    best = best_trials(trials, plan.objective, budget.n_confirmed)
    n_done = sum(len(confirmations[t.number].values) for t in best if t.number in confirmations)
    return ending, N_SEEDS * len(best) - n_done


def _describe_space(space: Space) -> str:
    starts = ", ".join(start.name for start in space.starts) or "none"
    return (
        f"{space.name} (hash {space.hash[:8]}), {len(space.searched)} hyperparameters searched, "
        f"{len(space.fixed)} fixed; known starts: {starts}"
    )


def _describe_data(divided: DividedCorpus) -> str:
    corpus, split = divided.corpus, divided.split
    n_texts, n_labels = len(corpus.texts), len(corpus.label_names)
    n_train, n_validation = len(split.train), len(split.validation)
    return (
        f"{corpus.name}, {n_texts:,} texts, {n_labels} label{'' if n_labels == 1 else 's'}; "
        f"{n_train:,} train, {n_validation:,} validation, "
        # The test split stays sealed; the three cover every text once.
        f"{n_texts - n_train - n_validation:,} test"
    )


def _describe_strategy(strategy: Strategy) -> str:
    parts = [f"engine {strategy.engine}"]
    for kind in ("sampler", "pruner", "tuner"):
        if name := getattr(strategy, kind):
            options: Mapping[str, Any] = getattr(strategy, f"{kind}_options")
            listed = ", ".join(f"{key}={to_text(value)}" for key, value in options.items())
            parts.append(f"{kind} {name}{f' ({listed})' if listed else ''}")
    return ", ".join(parts)


def _describe_baselines(setup: Setup, known: StoredStudy | None, store: StudyStore | None) -> str:
    if known is not None and known.baselines:
        return "known already, not fitted again"
    for other in [] if store is None else store.studies():
        if other.baselines and setup.fingerprint.has_same_split(other.settings.fingerprint):
            return f"known from study {other.name}, not fitted again"
    return "label priors and TF-IDF with logistic regression are fitted first"
