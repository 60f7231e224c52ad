"""A search request made ready: everything that is known before a store is opened.

Owns the reading of corpus and space, the split, the fingerprint, and what trials are trained on.
"""

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..data.audit import Audit, audit
from ..data.corpus import Corpus
from ..data.open import NAMED_CORPORA
from ..data.repeats import find_repeats, forced_loss
from ..data.split import Indices, Split, split_corpus
from ..errors import DataError
from ..metrics.losses import prior_cross_entropy
from ..model.embedding import SvdStart
from ..space.shipped import open_space
from ..space.space import Space
from ..study.settings import Fingerprint, check_name, default_name
from ..text.vocabulary import Vocabulary
from ..training.examples import Examples, TrainingData
from .request import SearchRequest


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that is known before a store is opened."""

    request: SearchRequest
    corpus: Corpus
    split: Split
    space: Space
    audit: Audit
    prior_loss: float
    """Validation loss of predicting each label's frequency in train."""
    forced_loss: float
    """Validation loss that equal texts with different labels force on any model."""
    fingerprint: Fingerprint

    @property
    def name(self) -> str:
        """Name of the study."""
        given = self.request.study
        return given or default_name(self.corpus.name, self.space.name, self.fingerprint)


def prepare(request: SearchRequest, say: Callable[[str], None]) -> Prepared:
    """Read and check everything that a request names.

    Raises:
        StudyError, SpaceError, DataError: the name, the space or the corpus cannot be used.
    """
    if request.study is not None:
        check_name(request.study)
    space = open_space(request.space)
    corpus = request.data.open()
    for note in corpus.notes:
        say(note)
    repeats = find_repeats(corpus.texts)
    findings = audit(corpus, repeats)
    _tell_findings(findings, say, is_strict=request.is_strict)
    split = split_corpus(corpus, seed=request.seed, repeats=repeats)
    for note in split.notes:
        say(note)
    train, validation = corpus.labels[split.train], corpus.labels[split.validation]
    fingerprint = Fingerprint(
        data=corpus.sha256,
        split=split.sha256,
        space=space.hash,
        objective=request.objective.value,
        n_epochs=request.n_epochs,
        seed=request.seed,
        max_gap=request.budget.max_gap,
    )
    return Prepared(
        request=request,
        corpus=corpus,
        split=split,
        space=space,
        audit=findings,
        prior_loss=prior_cross_entropy(train, validation),
        forced_loss=forced_loss(repeats.exact[split.validation], validation),
        fingerprint=fingerprint,
    )


def _tell_findings(findings: Audit, say: Callable[[str], None], *, is_strict: bool) -> None:
    """Tell what is beyond the audit's limits, or refuse it.

    Raises:
        DataError: the user is strict, and something is.
    """
    beyond = [finding.told for finding in findings.beyond_limits]
    if beyond and is_strict:
        raise DataError(
            f"--strict: expected data within the limits of the audit, found: {'; '.join(beyond)}",
            "Look at `genre-search data audit`, mend the data, or leave --strict off.",
        )
    for sentence in beyond:
        say(f"audit: {sentence}")


def facts_of(prepared: Prepared, run_id: str) -> dict[str, Any]:
    """Collect what the store keeps of a study: what it takes to go on, and to read it back."""
    request = prepared.request
    source = asdict(request.data)
    if request.data.source not in NAMED_CORPORA and Path(request.data.source).exists():
        source["source"] = os.path.abspath(request.data.source)
    return {
        "fingerprint": prepared.fingerprint.as_dict(),
        "source": source,
        "corpus": prepared.corpus.name,
        "space": prepared.space.name,
        "target": request.budget.target,
        "prior_loss": prepared.prior_loss,
        "forced_loss": prepared.forced_loss,
        "floor": prepared.corpus.floor,
        "leaks": prepared.audit.leaks,
        "study_run_id": run_id,
    }


def training_data(prepared: Prepared, part: Indices | None = None) -> TrainingData:
    """Encode train and validation. The test part of the split is not touched.

    Args:
        prepared: what is searched.
        part: positions in train, to learn from a part of it alone; None for all.
    """
    corpus, split = prepared.corpus, prepared.split
    rows = split.train if part is None else split.train[part]
    train_texts = [corpus.texts[row] for row in rows]
    validation_texts = [corpus.texts[row] for row in split.validation]
    vocabulary = Vocabulary.count(train_texts)
    train = Examples(vocabulary.encode(train_texts), corpus.labels[rows])
    validation = Examples(vocabulary.encode(validation_texts), corpus.labels[split.validation])
    seed = prepared.request.seed
    sample = train.sample(len(validation.texts), seed=seed)
    n_dimensions = int(prepared.space.highest("embedding_size"))
    svd_start = SvdStart(train.texts, vocabulary.size, n_dimensions, seed=seed)
    return TrainingData(vocabulary, train, sample, validation, svd_start)
