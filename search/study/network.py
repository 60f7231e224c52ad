"""The network of a training, written with all that it takes to predict."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..data.division import DividedCorpus
from ..export.bundle import MODEL_FILE, Bundle, write_bundle
from ..training.runner import TrainedNetwork
from .environment import environment


def save_network(
    divided: DividedCorpus, trained: TrainedNetwork, origin: Mapping[str, Any], directory: Path
) -> None:
    """Write a trained network with all that it takes to predict into a folder that is there.

    Args:
        divided: what it was trained on.
        trained: the network.
        origin: where it comes from, beside data, seed and versions.
        directory: the folder.
    """
    corpus, trainer = divided.corpus, trained.trainer
    is_masked = corpus.source is not None and corpus.source.mask_label_names
    trainer.classifier().save(directory / MODEL_FILE)
    bundle = Bundle(
        task=corpus.task,
        label_names=corpus.label_names,
        negative_name=corpus.negative_name,
        thresholds=tuple(trained.measured.thresholds.tolist()),
        encoding=trainer.encoding,
        vocabulary=trainer.vocabulary,
        hyperparameters=trained.proposal.hyperparameters,
        metrics={"validation": trained.measured.scores.measured()},
        origin={
            **origin,
            "corpus": corpus.name,
            "data_sha256": corpus.sha256,
            "split_sha256": divided.split.sha256,
            "trial_seed": trained.proposal.seed,
            **environment(),
        },
        masked_names=corpus.outcome_names if is_masked else (),
    )
    write_bundle(bundle, directory)
