"""A study made ready: everything that is known before a store is opened.

Owns the fingerprint and the default name of a study.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..data.corpus import Corpus, DataSource
from ..data.division import DividedCorpus, divide_corpus
from ..data.named.catalogue import NAMED_CORPORA
from ..data.split.split import Indices
from ..data.word_vectors.word_vectors import hash_file
from ..engines.proposer import describe_limits, make_proposer
from ..engines.strategy import OPTUNA, Strategy
from ..errors import naming_parameter
from ..metrics.task import Task
from ..space.hyperparameters import Hyperparameters, Value
from ..store.stored_study import StudySettings
from ..store.trial_store import Proposer
from ..training.examples import TrainingData, make_training_data
from ..training.task_fit import check_fits
from ..trial.control import Control
from ..trial.fingerprint import Fingerprint, hash_parts
from .budget import Budget
from .plan import SPACE_OF_ONE_CHOICE, StudyPlan, make_space


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything that is known of a study before a store is opened."""

    name: str
    plan: StudyPlan
    divided: DividedCorpus
    """The corpus with its split."""
    fingerprint: Fingerprint
    data: TrainingData
    """What its trials are trained on."""

    @property
    def corpus(self) -> Corpus:
        """The corpus."""
        return self.divided.corpus

    def make_proposer(self) -> Proposer:
        """Make what proposes the trials."""
        plan = self.plan
        return make_proposer(
            plan.strategy,
            plan.space,
            seed=plan.seed,
            n_epochs=plan.n_epochs,
            is_minimized=plan.objective.is_minimized,
        )

    def describe_limits(self, budget: Budget) -> Iterator[str]:
        """Say what the engine cannot do of what was asked, a sentence each."""
        plan = self.plan
        return describe_limits(
            plan.strategy,
            plan.space,
            plan.limits,
            n_epochs=plan.n_epochs,
            n_trials=budget.n_trials,
            n_enqueued=len(plan.enqueued),
        )

    def count_parameters(self, values: Mapping[str, Value]) -> int:
        """Count the weights that a network of these hyperparameters has on this corpus."""
        return self.data.count_parameters(Hyperparameters.from_values(values))

    def _source(self) -> DataSource:
        """Give the corpus's source so that every process finds it, and reads it the same way."""
        source = self.corpus.source
        assert source is not None  # Texts in memory are in a file before a store is written.
        if source.source in NAMED_CORPORA or not Path(source.source).exists():
            return source
        path, task = os.path.abspath(source.source), self.corpus.task.value
        return replace(source, source=path, task=task)

    def make_settings(self, budget: Budget, study_run_id: str) -> StudySettings:
        """Collect what the database keeps of a study."""
        plan, divided = self.plan, self.divided
        embeddings = plan.embeddings
        return StudySettings(
            fingerprint=self.fingerprint,
            source=self._source(),
            corpus=self.corpus.name,
            space=plan.space.name,
            target=plan.target,
            prior_loss=divided.prior_loss,
            forced_loss=divided.forced_loss,
            floor=self.corpus.floor,
            leaks=divided.audit.leaks,
            study_run_id=study_run_id,
            strategy=plan.strategy.as_dict(),
            n_trials=budget.n_trials,
            max_parameters=plan.limits.max_parameters,
            embeddings=None if embeddings is None else str(embeddings.absolute()),
        )


def set_up(name: str | None, plan: StudyPlan, corpus: Corpus, control: Control) -> Setup:
    """Audit, divide and encode a corpus for a study.

    Args:
        name: of the study; None for one made of corpus, space and fingerprint.
        plan: what it is made of.
        corpus: what it is about.
        control: gets the sentences that the user should read.

    Raises:
        DataError: the corpus cannot be divided, is refused, or the word vectors cannot be read.
        SpaceError: the space or a preset does not fit what is predicted.
    """
    if "space" in plan.automatic and corpus.task.is_multiclass:
        plan = replace(plan, space=make_space(SPACE_OF_ONE_CHOICE, plan.embeddings))
    check_fits(plan.space, corpus.task, parameter="space")
    for preset in plan.enqueued:
        check_fits(preset, corpus.task, parameter="enqueue")
    if "target" in plan.automatic and corpus.task is not Task.MULTILABEL:
        plan = replace(plan, target=None)
    divided = divide_corpus(corpus, seed=plan.seed, is_strict=plan.is_strict)
    for note in divided.notes:
        control.say(note)
    with naming_parameter("embeddings"):
        words = None if plan.embeddings is None else hash_file(plan.embeddings)
        data = encode(plan, divided)
    fingerprint = Fingerprint(
        data=corpus.sha256,
        split=divided.split.sha256,
        space=plan.space.hash,
        objective=str(plan.objectives),
        epochs=plan.n_epochs,
        seed=plan.seed,
        max_gap=plan.limits.max_gap,
        embeddings=words,
        engine=_describe_engine(plan.strategy),
        task=corpus.task.value if corpus.task.is_multiclass else None,
    )
    for note in data.notes:
        control.say(note)
    return Setup(name or _default_name(corpus, plan, fingerprint), plan, divided, fingerprint, data)


def encode(plan: StudyPlan, divided: DividedCorpus, part: Indices | None = None) -> TrainingData:
    """Encode what the networks of a study are trained on.

    Args:
        plan: of the study.
        divided: its corpus.
        part: positions in train, to learn from a part of it alone; None for all.

    Raises:
        DataError: the word vectors cannot be read.
    """
    return make_training_data(
        divided,
        seed=plan.seed,
        n_dimensions=int(plan.space.find_highest("embedding_size")),
        part=part,
        embeddings=plan.embeddings,
    )


def _default_name(corpus: Corpus, plan: StudyPlan, fingerprint: Fingerprint) -> str:
    """Name a study after its corpus, its space and its fingerprint.

    The hash is also over the strategy where that is not the default.
    """
    plain = re.sub(r"[^\w.-]+", "_", corpus.name)
    variant = {} if plan.has_default_strategy else {"variant": plan.strategy.as_dict()}
    return f"{plain}-{plan.space.name}-{hash_parts(fingerprint.parts | variant)}"


def _describe_engine(strategy: Strategy) -> str | None:
    """Describe the engine whose state belongs to a study; Optuna's samplers have none."""
    if strategy.engine == OPTUNA:
        return None
    options = (f"{name}={value}" for name, value in sorted(strategy.tuner_options.items()))
    return " ".join((strategy.engine, strategy.tuner, *options))
