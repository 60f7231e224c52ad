"""What presets are trained on, and how: the corpus divided and encoded, and the runner.

Shared by one training and by a comparison; knows no command.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..data.corpus import Corpus
from ..data.division import DividedCorpus, divide_corpus
from ..space.embeddings import check_needs_no_file
from ..space.preset import Preset
from ..study.network import save_network
from ..tracking.record import Record
from ..training.examples import TrainingData, make_training_data
from ..training.runner import TrainedNetwork, TrainingRunner
from ..trial.control import Control
from ..trial.objective import Objective
from ..trial.proposal import Proposal, derive_seed
from ..trial.weights import Weights


@dataclass(frozen=True, slots=True)
class Preparation:
    """A corpus on which presets are trained."""

    divided: DividedCorpus
    data: TrainingData
    objective: Objective
    """By which the best epoch is known."""
    weights: Weights
    """Which epoch's weights count."""

    def make_runner(self, n_epochs: int) -> TrainingRunner:
        """Make what trains presets as the trials of a study are trained."""

        def save(trained: TrainedNetwork, directory: Path) -> None:
            save_network(self.divided, trained, {"preset": trained.proposal.title}, directory)

        return TrainingRunner(
            data=self.data,
            divided=self.divided,
            objective=self.objective,
            n_epochs=n_epochs,
            save=save,
            weights=self.weights,
        )

    def count_parameters(self, preset: Preset) -> int:
        """Count the weights that a preset's network has on this corpus."""
        return self.data.count_parameters(preset.configuration())


def prepare(
    corpus: Corpus,
    presets: Sequence[Preset],
    *,
    seed: int,
    objective: Objective,
    weights: Weights,
    embeddings: Path | None = None,
    control: Control,
) -> Preparation:
    """Divide and encode a corpus for presets that are trained on the same texts.

    Validation is as large as the presets want it, where they agree.

    Args:
        corpus: what they are trained on.
        presets: at least one.
        seed: of split, sample of train, and embeddings from an SVD.
        objective: by which the best epoch is known.
        weights: which epoch's weights count.
        embeddings: file of word vectors that embeddings may start from.
        control: gets the sentences that the user should read.

    Raises:
        DataError: the corpus or the file cannot be used.
        SpaceError: a preset starts from a file, and there is none.
    """
    for preset in presets if embeddings is None else ():
        check_needs_no_file(preset)
    shares = {preset.validation_share for preset in presets}
    share = next(iter(shares)) if len(shares) == 1 else None
    divided = divide_corpus(corpus, seed=seed, validation_share=share)
    n_dimensions = max(preset.configuration().embedding_size for preset in presets)
    data = make_training_data(divided, seed=seed, n_dimensions=n_dimensions, embeddings=embeddings)
    notes = [*divided.notes]
    if len(shares) > 1 and divided.corpus.given_split:
        notes.append(
            "the presets hold back different shares for validation: here all have the usual one"
        )
    notes += [note for preset in presets for note in _list_notes(preset, divided)]
    for note in (*notes, *data.notes):
        control.say(note)
    return Preparation(divided, data, objective, weights)


def describe_training(run: Record, preset: Preset, *, seed: int, n_epochs: int) -> None:
    """Write down what is trained in a run."""
    run.params(preset.hyperparameters)
    run.tags({"kind": "training", "preset": preset.name, "seed": seed, "epochs": n_epochs})


def make_proposal(preset: Preset, *, seed: int, number: int = 0, title: str = "") -> Proposal:
    """Give what is trained of a preset.

    Args:
        preset: what is trained.
        seed: as the user gave it, 0 or more.
        number: among those that are trained one after another.
        title: of the training; empty for the preset's name.
    """
    return Proposal(number, preset.hyperparameters, derive_seed(seed), title=title or preset.name)


def _list_notes(preset: Preset, divided: DividedCorpus) -> list[str]:
    """Say where a preset gets another number of outputs than it was made for."""
    n_labels = len(divided.corpus.label_names)
    if preset.n_labels in (None, n_labels):
        return []
    made, here = (f"{n} output{'' if n == 1 else 's'}" for n in (preset.n_labels, n_labels))
    return [
        f"{preset.name} was made for {made}, {divided.corpus.name} needs {here}: only the output "
        "layer changes"
    ]
