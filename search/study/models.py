"""The models of a study, each written as a bundle of one member: networks, linear baselines."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..baselines.linear import LinearBaseline
from ..data.corpus import Corpus
from ..data.division import DividedCorpus
from ..export.bundle import Bundle, write_bundle
from ..export.member import MODEL_FILE, Member, make_folder_name
from ..text.vocabulary import Vocabulary
from ..training.measures import Measured
from ..training.runner import TrainedNetwork
from ..trial.baseline import LINEAR
from .environment import environment


def save_network(
    divided: DividedCorpus, trained: TrainedNetwork, origin: Mapping[str, Any], directory: Path
) -> None:
    """Write a trained network with all that it takes to predict into a folder that is there.

    Args:
        divided: what it was trained on.
        trained: the network.
        origin: where it comes from, beside data, seed and versions; its `trial`, if any, names the
            member.
        directory: the folder.
    """
    proposal, trainer = trained.proposal, trained.trainer
    name = f"trial {origin['trial']}" if "trial" in origin else proposal.name
    own = {**origin, "trial_seed": proposal.seed}
    member = Member(
        name=name,
        folder=make_folder_name(name),
        vocabulary=trainer.vocabulary,
        encoding=trainer.encoding,
        hyperparameters=proposal.hyperparameters,
        origin=own,
    )
    _write(divided, member, trained.measured, own, directory)
    trainer.classifier().save(member.locate(directory) / MODEL_FILE)


def save_linear(
    divided: DividedCorpus,
    linear: LinearBaseline,
    measured: Measured,
    origin: Mapping[str, Any],
    directory: Path,
) -> None:
    """Write the linear baseline with all that it takes to predict into a folder that is there.

    Args:
        divided: what it was fitted on.
        linear: the baseline.
        measured: its predictions for validation.
        origin: where it comes from, beside data and versions.
        directory: the folder.
    """
    member = Member(
        name=LINEAR,
        folder="linear",
        vocabulary=Vocabulary(linear.model.words),
        encoding=None,
        hyperparameters={"strength": linear.strength},
        origin=origin,
    )
    _write(divided, member, measured, origin, directory)
    linear.model.save(member.locate(directory))


def list_masked_names(corpus: Corpus) -> tuple[str, ...]:
    """List the names that are masked in the texts of a corpus; none where it was read as it is."""
    is_masked = corpus.source is not None and corpus.source.mask_label_names
    return corpus.outcome_names if is_masked else ()


def _write(
    divided: DividedCorpus,
    member: Member,
    measured: Measured,
    origin: Mapping[str, Any],
    directory: Path,
) -> None:
    """Write everything but the model."""
    corpus = divided.corpus
    bundle = Bundle(
        task=corpus.task,
        label_names=corpus.label_names,
        negative_name=corpus.negative_name,
        thresholds=tuple(measured.thresholds.tolist()),
        members=(member,),
        metrics={"validation": measured.scores.measured()},
        origin={
            **origin,
            "corpus": corpus.name,
            "data_sha256": corpus.sha256,
            "split_sha256": divided.split.sha256,
            **environment(),
        },
        masked_names=list_masked_names(corpus),
    )
    write_bundle(bundle, directory)
