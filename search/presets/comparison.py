"""Train several presets on one corpus and one split, with one seed or more, and tabulate them.

Owns the order of the trainings and what is recorded of a comparison. A comparison is about numbers:
no network is kept, and the test split is not read.
"""

import time
from dataclasses import dataclass

from ..data.corpus import Corpus
from ..data.division import DividedCorpus
from ..plots.comparison import comparison_curves
from ..plots.figures import png
from ..report.comparison import ComparisonTable, format_csv, format_json, format_markdown
from ..report.configurations import ComparedRow, ComparedTraining
from ..space.preset import Preset
from ..study.description import describe_corpus
from ..tracking.mlflow_tracker import MlflowServer, MlflowTracker
from ..tracking.record import Record, RunStatus
from ..training.recorded_run import RecordedRun, ended_on_error
from ..trial.control import Control
from ..trial.events import TrialEnded, TrialStarted
from ..trial.objective import VAL_LOSS, Objective
from ..trial.state import TrialState
from ..trial.weights import Weights
from .preparation import Preparation, describe_training, make_proposal, prepare


@dataclass(frozen=True, slots=True)
class ComparePlan:
    """What is compared, and how."""

    presets: tuple[Preset, ...]
    """At least one, in the order of the table; no two have the same name."""
    n_epochs: int | None = None
    """Of every training; None for each preset's own."""
    seeds: tuple[int, ...] = (0,)
    """Seeds of the trainings: at least one, no repeats; the first is also that of the split."""
    objective: Objective = VAL_LOSS
    """By which the best epoch is known."""
    weights: Weights = Weights.LAST
    """Which epoch's weights count."""
    experiment: str = "genre-search"
    tracking_uri: str | None = None

    def count_epochs(self, preset: Preset) -> int:
        """Give the epochs that one of the presets is trained for."""
        return self.n_epochs or preset.n_epochs

    @property
    def n_trainings(self) -> int:
        """Number of trainings."""
        return len(self.presets) * len(self.seeds)


@dataclass(frozen=True, slots=True)
class CompareReport:
    """What a comparison came to."""

    comparison: ComparisonTable
    is_interrupted: bool
    """Whether the user stopped it before all trainings were done."""
    run_id: str
    experiment_id: str
    tracking_uri: str


def compare_presets(plan: ComparePlan, corpus: Corpus, control: Control) -> CompareReport:
    """Train every preset with every seed, each in a run below that of the comparison.

    All are trained on the split of the first seed: only the seeds of training differ, so that the
    difference between two trainings is theirs and not that of their validation texts. They take
    turns, all presets with the first seed, then all with the second: where the machine is busy for
    a while, all of them are slowed. A training that diverges is a row like the others.

    Raises:
        DataError: the corpus cannot be used; nothing was written.
        TrackingError: MLflow does not answer.
        KeyboardInterrupt: the user wanted to stop at once; the runs are ended as KILLED.
    """
    preparation = prepare(
        corpus,
        plan.presets,
        seed=plan.seeds[0],
        objective=plan.objective,
        weights=plan.weights,
        control=control,
    )
    server = MlflowServer(plan.tracking_uri)
    server.check()
    name = f"comparison on {corpus.name}"
    run_id = server.open_run(plan.experiment, name)
    with ended_on_error(server.record(run_id)):
        tracker = MlflowTracker(server.client, run_id, name)
        _describe(tracker.study, plan, preparation.divided)
        rows = _Trainings(plan, preparation, tracker, control).train_all()
        comparison = _make_comparison(plan, preparation.divided, rows)
        record_comparison(tracker.study, comparison)
        is_complete = comparison.n_ended == plan.n_trainings
        tracker.study.end(RunStatus.FINISHED if is_complete else RunStatus.KILLED)
    return CompareReport(
        comparison,
        is_interrupted=not is_complete,
        run_id=run_id,
        experiment_id=server.find_experiment(run_id) or "",
        tracking_uri=server.uri,
    )


@dataclass(frozen=True, slots=True)
class _Trainings:
    """The trainings of one comparison, one after another."""

    plan: ComparePlan
    preparation: Preparation
    tracker: MlflowTracker
    control: Control

    def train_all(self) -> tuple[ComparedRow, ...]:
        """Train until all is done or the user wants to stop; give what had ended by then."""
        trainings: dict[str, list[ComparedTraining]] = {p.name: [] for p in self.plan.presets}
        turns = [(preset, seed) for seed in self.plan.seeds for preset in self.plan.presets]
        for number, (preset, seed) in enumerate(turns):
            training = None if self.control.is_over() else self._train(number, preset, seed)
            if training is None:
                break
            trainings[preset.name].append(training)
        rows = (
            ComparedRow(
                preset.name,
                self.preparation.count_parameters(preset),
                tuple(trainings[preset.name]),
            )
            for preset in self.plan.presets
        )
        return tuple(row for row in rows if row.trainings)

    def _train(self, number: int, preset: Preset, seed: int) -> ComparedTraining | None:
        """Train one preset with one seed in a run of its own; None where the user stopped it."""
        name = preset.name + f", seed {seed}" * (len(self.plan.seeds) > 1)
        record = self.tracker.beside("training", name)
        with ended_on_error(record):
            n_epochs = self.plan.count_epochs(preset)
            describe_training(record, preset, seed=seed, n_epochs=n_epochs)
            record.describe(preset.description)
            n_parameters = self.preparation.count_parameters(preset)
            self.control.listen(TrialStarted(number, name, number, n_parameters))
            return self._train_recorded(record, number, preset, seed, name)

    def _train_recorded(
        self, record: Record, number: int, preset: Preset, seed: int, name: str
    ) -> ComparedTraining | None:
        """Train into a run that is open, and say how it ended."""
        started = time.monotonic()

        def end(state: TrialState, value: float | None, reason: str) -> None:
            seconds = time.monotonic() - started
            self.control.listen(TrialEnded(number, name, state, value, False, reason, seconds))

        proposal = make_proposal(preset, seed=seed, number=number, title=name)
        runner = self.preparation.make_runner(self.plan.count_epochs(preset))
        run = RecordedRun(record, self.plan.objective)
        try:
            result = run.train_to_end(runner, proposal, self.control)
        except FloatingPointError as error:
            end(TrialState.FAIL, None, str(error))
            return ComparedTraining(seed, record.run_id, None)
        if result is None:
            return None
        record.end(RunStatus.FINISHED)
        end(TrialState.COMPLETE, result.value, result.training.stop_reason.value)
        return ComparedTraining(seed, record.run_id, result.training)


def record_comparison(run: Record, comparison: ComparisonTable) -> None:
    """Write down what a comparison came to: the table in three forms, and all curves."""
    markdown = format_markdown(comparison)
    run.describe(markdown)
    files = {
        "comparison.md": markdown.encode(),
        "comparison.csv": format_csv(comparison).encode(),
        "comparison.json": format_json(comparison).encode(),
    }
    for path, content in files.items():
        run.file(path, content)
    curves = {
        row.name: [training.curves for training in row.finished]
        for row in comparison.rows
        if row.finished
    }
    if curves:
        figure = comparison_curves(
            curves,
            prior=comparison.prior_loss,
            trivial_accuracy=comparison.trivial_accuracy,
            trivial=comparison.trivial,
            title=comparison.corpus,
        )
        run.file("plots/comparison.png", png(figure))


def _describe(run: Record, plan: ComparePlan, divided: DividedCorpus) -> None:
    run.tags(
        {
            "kind": "comparison",
            "compared": ", ".join(preset.name for preset in plan.presets),
            "seeds": ", ".join(map(str, plan.seeds)),
            "weights": plan.weights.value,
            "objective": plan.objective.name,
        }
    )
    describe_corpus(run, divided)


def _make_comparison(
    plan: ComparePlan, divided: DividedCorpus, rows: tuple[ComparedRow, ...]
) -> ComparisonTable:
    accuracy, answer = _measure_trivial(divided)
    return ComparisonTable(
        corpus=divided.corpus.name,
        rows=rows,
        seeds=plan.seeds,
        n_planned=plan.n_trainings,
        weights=plan.weights,
        prior_loss=divided.prior_loss,
        trivial_accuracy=accuracy,
        trivial=answer,
    )


def _measure_trivial(divided: DividedCorpus) -> tuple[float, str]:
    """Give the accuracy of predicting what most of train has, whatever the text, and its name."""
    corpus, split = divided.corpus, divided.split
    most = corpus.labels[split.train].mean(axis=0) > 0.5
    accuracy = float((corpus.labels[split.validation] == most).mean())
    if corpus.negative_name:
        answer = corpus.label_names[0] if most[0] else corpus.negative_name
        return accuracy, f"“{answer}” for every text"
    return accuracy, "the labels that most of train has" if most.any() else "no label at all"
