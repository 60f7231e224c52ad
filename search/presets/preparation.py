"""What presets are trained on, and the training of one of them in a run.

Shared by one training and by a comparison; knows no command.
"""

from dataclasses import dataclass
from pathlib import Path

from ..data.corpus import Corpus
from ..data.division import DividedCorpus, divide_corpus
from ..space.preset import Preset
from ..study.models import save_network
from ..tracking.record import Record
from ..training.examples import TrainingData, make_training_data
from ..training.recorded_run import RecordedRun
from ..training.result import TrainingResult
from ..training.runner import TrainedNetwork, TrainingRunner
from ..training.task_fit import check_fits
from ..trial.control import Control
from ..trial.events import TrialStarted
from ..trial.proposal import Proposal, derive_seed
from .plan import TrainingPlan


@dataclass(frozen=True, slots=True)
class Preparation:
    """The trainings of a plan, made ready."""

    plan: TrainingPlan
    divided: DividedCorpus
    data: TrainingData
    control: Control
    """Gets sentences and events, and is asked before each batch whether to stop."""

    def train(
        self, record: Record, preset: Preset, seed: int, *, number: int = 0, title: str = ""
    ) -> TrainingResult | None:
        """Train a preset as the trials of a study are trained, and record it.

        Args:
            record: the run, which is left open if the training reaches its end.
            preset: what is trained.
            seed: as the user gave it, 0 or more.
            number: among those that are trained one after another.
            title: of the training; empty for the preset's name.

        Returns:
            None if the training was stopped before its end.

        Raises:
            FloatingPointError: it diverged.
        """
        title, n_epochs = title or preset.name, self.plan.n_epochs or preset.n_epochs
        record.params(preset.hyperparameters)
        record.tags({"kind": "training", "preset": preset.name, "seed": seed, "epochs": n_epochs})
        self.control.listen(TrialStarted(number, title, number, self.count_parameters(preset)))
        runner = TrainingRunner(
            data=self.data,
            divided=self.divided,
            objective=self.plan.objective,
            n_epochs=n_epochs,
            save=self._save,
            weights=self.plan.weights,
        )
        proposal = Proposal(number, preset.hyperparameters, derive_seed(seed), title=title)
        return RecordedRun(record, self.plan.objective).train_to_end(runner, proposal, self.control)

    def count_parameters(self, preset: Preset) -> int:
        """Count the weights that a preset's network has on this corpus."""
        return self.data.count_parameters(preset.configuration())

    def _save(self, trained: TrainedNetwork, directory: Path) -> None:
        save_network(self.divided, trained, {"preset": trained.proposal.title}, directory)


def prepare(plan: TrainingPlan, corpus: Corpus, control: Control) -> Preparation:
    """Divide and encode a corpus for presets that are trained on the same texts.

    Validation is as large as the presets want it, where they agree.

    Raises:
        DataError: the corpus or the file of word vectors cannot be used.
        SpaceError: a preset does not fit what is predicted.
    """
    for preset in plan.presets:
        check_fits(preset, corpus.task, parameter="preset")
    seed = plan.seeds[0]
    shares = {preset.validation_share for preset in plan.presets}
    share = next(iter(shares)) if len(shares) == 1 else None
    divided = divide_corpus(corpus, seed=seed, validation_share=share)
    n_dimensions = max(preset.configuration().embedding_size for preset in plan.presets)
    data = make_training_data(
        divided, seed=seed, n_dimensions=n_dimensions, embeddings=plan.embeddings
    )
    notes = [*divided.notes]
    if len(shares) > 1 and corpus.given_split:
        notes.append(
            "the presets hold back different shares for validation: here all have the usual one"
        )
    for preset in plan.presets:
        notes += _note_outputs(preset, corpus)
    for note in (*notes, *data.notes):
        control.say(note)
    return Preparation(plan, divided, data, control)


def _note_outputs(preset: Preset, corpus: Corpus) -> list[str]:
    """Say where a preset gets another number of outputs than it was made for."""
    n_labels = len(corpus.label_names)
    if preset.n_labels in (None, n_labels):
        return []
    made, here = (f"{n} output{'' if n == 1 else 's'}" for n in (preset.n_labels, n_labels))
    return [
        f"{preset.name} was made for {made}, {corpus.name} needs {here}: only the output layer "
        "changes"
    ]
