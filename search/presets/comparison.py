"""Train several presets on one corpus and one split, with one seed or more, and tabulate them.

Owns the order of the trainings and what is recorded of a comparison. A comparison is about numbers:
no network is kept, and the test split is not read.
"""

import time
from dataclasses import dataclass
from itertools import product

import numpy as np

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
from ..training.recorded_run import ended_on_error
from ..trial.control import Control
from ..trial.events import TrialEnded
from ..trial.state import TrialState
from .plan import TrainingPlan
from .preparation import Preparation, prepare


@dataclass(frozen=True, slots=True)
class CompareReport:
    """What a comparison came to."""

    comparison: ComparisonTable
    is_interrupted: bool
    """Whether the user stopped it before all trainings were done."""
    run_id: str
    experiment_id: str
    tracking_uri: str


def compare_presets(plan: TrainingPlan, corpus: Corpus, control: Control) -> CompareReport:
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
    preparation = prepare(plan, corpus, control)
    server = MlflowServer(plan.tracking_uri)
    name = f"comparison on {corpus.name}"
    run_id = server.open_run(plan.experiment, name)
    with ended_on_error(server.record(run_id)):
        tracker = MlflowTracker(server.client, run_id, name)
        _describe(tracker.study, plan)
        describe_corpus(tracker.study, preparation.divided)
        rows = _train_all(preparation, tracker)
        comparison = _make_comparison(preparation, rows)
        _record(tracker.study, comparison)
        is_complete = comparison.n_ended == comparison.n_planned
        tracker.study.end(RunStatus.FINISHED if is_complete else RunStatus.KILLED)
    return CompareReport(
        comparison,
        is_interrupted=not is_complete,
        run_id=run_id,
        experiment_id=server.find_experiment(run_id) or "",
        tracking_uri=server.uri,
    )


def _train_all(preparation: Preparation, tracker: MlflowTracker) -> tuple[ComparedRow, ...]:
    """Train until all is done or the user wants to stop; give what had ended by then."""
    plan = preparation.plan
    trainings: dict[str, list[ComparedTraining]] = {preset.name: [] for preset in plan.presets}
    for number, (seed, preset) in enumerate(product(plan.seeds, plan.presets)):
        if preparation.control.is_over():
            break
        training = _train(preparation, tracker, preset, seed, number=number)
        if training is None:
            break
        trainings[preset.name].append(training)
    return tuple(
        ComparedRow(preset.name, preparation.count_parameters(preset), tuple(ended))
        for preset in plan.presets
        if (ended := trainings[preset.name])
    )


def _train(
    preparation: Preparation, tracker: MlflowTracker, preset: Preset, seed: int, *, number: int
) -> ComparedTraining | None:
    """Train one preset with one seed in a run of its own; None where the user stopped it."""
    name = preset.name + f", seed {seed}" * (len(preparation.plan.seeds) > 1)
    record = tracker.beside("training", name)
    started = time.monotonic()

    def end(state: TrialState, value: float | None, reason: str) -> None:
        seconds = time.monotonic() - started
        preparation.control.listen(TrialEnded(number, name, state, value, False, reason, seconds))

    with ended_on_error(record):
        record.describe(preset.description)
        try:
            result = preparation.train(record, preset, seed, number=number, title=name)
        except FloatingPointError as error:
            end(TrialState.FAIL, None, str(error))
            return ComparedTraining(seed, record.run_id, None)
        if result is None:
            return None
        record.end(RunStatus.FINISHED)
        end(TrialState.COMPLETE, result.value, result.training.stop_reason.value)
        return ComparedTraining(seed, record.run_id, result.training)


def _record(run: Record, comparison: ComparisonTable) -> None:
    """Write down what a comparison came to: the table in three forms, and all curves."""
    markdown = format_markdown(comparison)
    run.describe(markdown)
    run.file("comparison.md", markdown.encode())
    run.file("comparison.csv", format_csv(comparison).encode())
    run.file("comparison.json", format_json(comparison).encode())
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


def _describe(run: Record, plan: TrainingPlan) -> None:
    run.tags(
        {
            "kind": "comparison",
            "compared": ", ".join(preset.name for preset in plan.presets),
            "seeds": ", ".join(map(str, plan.seeds)),
            "weights": plan.weights.value,
            "objective": plan.objective.name,
        }
    )


def _make_comparison(preparation: Preparation, rows: tuple[ComparedRow, ...]) -> ComparisonTable:
    plan, divided = preparation.plan, preparation.divided
    accuracy, answer = _measure_trivial(divided)
    return ComparisonTable(
        corpus=divided.corpus.name,
        rows=rows,
        seeds=plan.seeds,
        n_planned=len(plan.presets) * len(plan.seeds),
        weights=plan.weights,
        prior_loss=divided.prior_loss,
        trivial_accuracy=accuracy,
        trivial=answer,
    )


def _measure_trivial(divided: DividedCorpus) -> tuple[float, str]:
    """Give the accuracy of predicting what most of train has, whatever the text, and its name."""
    corpus, split = divided.corpus, divided.split
    if corpus.task.is_multiclass:
        first = int(corpus.labels[split.train].sum(axis=0, dtype=np.int64).argmax())
        accuracy = float(corpus.labels[split.validation, first].mean())
        return accuracy, f"“{corpus.label_names[first]}” for every text"
    most = corpus.labels[split.train].mean(axis=0) > 0.5
    accuracy = float((corpus.labels[split.validation] == most).mean())
    if corpus.negative_name:
        answer = corpus.label_names[0] if most[0] else corpus.negative_name
        return accuracy, f"“{answer}” for every text"
    return accuracy, "the labels that most of train has" if most.any() else "no label at all"
