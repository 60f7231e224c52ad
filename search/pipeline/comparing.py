"""Train several presets on one corpus and one split, with one seed or more, and tabulate them.

Owns the order of the trainings and what is recorded of a comparison. A comparison is about numbers:
no network is kept, and the test part is not read.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from ..engines.trials import Proposal, TrialState
from ..report.comparison import MEASURES, ComparedRow, Comparison, Training
from ..space.preset import Preset
from ..study.events import Event, TrialEnded, TrialStarted
from ..study.result import TrialResult
from ..study.trial import TrialRunner
from ..tracking.mlflow_tracker import MlflowServer, MlflowTracker
from ..tracking.record import Record, RunStatus
from ..training.diagnosis import Verdict
from ..training.examples import TrainingData
from .divided import Divided, divide
from .recorded import ended_on_error, train_recorded
from .recording import describe_corpus, record_comparison
from .request import CompareRequest
from .training import (
    describe_training,
    epoch_listener,
    preset_data,
    proposal_of,
    runner_of,
    tell_outputs,
)


@dataclass(frozen=True, slots=True)
class CompareReport:
    """What a comparison came to."""

    comparison: Comparison
    is_interrupted: bool
    """Whether the user stopped it before all trainings were done."""
    run_id: str
    experiment_id: str
    tracking_uri: str


def compare(
    request: CompareRequest,
    listen: Callable[[Event], None],
    say: Callable[[str], None],
    is_interrupted: Callable[[], bool],
) -> CompareReport:
    """Train every preset with every seed, each in a run below that of the comparison.

    All are trained on the split of the first seed: only the seeds of training differ, so that what
    lies between two trainings is theirs and not that of their validation texts. They take turns,
    all presets with the first seed, then all with the second: where the machine is busy for a
    while, that falls on all of them. A training that diverges is a row like the others.

    Raises:
        DataError: the corpus cannot be used; nothing was written.
        TrackingError: MLflow does not answer.
        KeyboardInterrupt: the user wanted to stop at once; the runs are ended as KILLED.
    """
    divided = _divide(request, say)
    for preset in request.presets:
        tell_outputs(preset, divided, say)
    server = MlflowServer(request.tracking_uri)
    server.check()
    name = f"comparison on {divided.corpus.name}"
    run_id = server.open_run(request.experiment, name)
    with ended_on_error(server.record(run_id)):
        tracker = MlflowTracker(server.client, run_id, name)
        _describe(tracker.study, request, divided)
        data = preset_data(divided, request.presets, seed=request.seeds[0])
        rows, is_whole = _Run(request, divided, data, tracker, listen, is_interrupted).train_all()
        comparison = _comparison(request, divided, rows)
        record_comparison(tracker.study, comparison)
        tracker.study.end(RunStatus.FINISHED if is_whole else RunStatus.KILLED)
    return CompareReport(
        comparison,
        is_interrupted=not is_whole,
        run_id=run_id,
        experiment_id=server.experiment_of(run_id) or "",
        tracking_uri=server.uri,
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """The trainings of one comparison, one after another."""

    request: CompareRequest
    divided: Divided
    data: TrainingData
    tracker: MlflowTracker
    listen: Callable[[Event], None]
    is_interrupted: Callable[[], bool]

    def train_all(self) -> tuple[tuple[ComparedRow, ...], bool]:
        """Train until all is done or the user wants to stop; second, whether all is done."""
        request = self.request
        trainings: dict[str, list[Training]] = {preset.name: [] for preset in request.presets}
        is_whole = True
        turns = [(preset, seed) for seed in request.seeds for preset in request.presets]
        for number, (preset, seed) in enumerate(turns):
            training = None if self.is_interrupted() else self._train(number, preset, seed)
            if training is None:
                is_whole = False
                break
            trainings[preset.name].append(training)
        rows = (
            ComparedRow(preset.name, self._count_parameters(preset), tuple(trainings[preset.name]))
            for preset in request.presets
        )
        return tuple(row for row in rows if row.trainings), is_whole

    def _train(self, number: int, preset: Preset, seed: int) -> Training | None:
        """Train one preset with one seed in a run of its own; None where the user stopped it."""
        name = preset.name + f", seed {seed}" * (len(self.request.seeds) > 1)
        record = self.tracker.beside("training", name)
        with ended_on_error(record):
            n_epochs = self.request.epochs_of(preset)
            describe_training(record, preset, seed=seed, n_epochs=n_epochs)
            record.describe(preset.description)
            self.listen(TrialStarted(number, name, number, self._count_parameters(preset)))
            proposal = proposal_of(preset, seed=seed, number=number, name=name)
            return self._train_recorded(preset, proposal, seed, record)

    def _train_recorded(
        self, preset: Preset, proposal: Proposal, seed: int, record: Record
    ) -> Training | None:
        """Train into a run that is open, and tell how it ended."""
        started = time.monotonic()

        def tell_end(state: TrialState, value: float | None, reason: str) -> None:
            seconds = time.monotonic() - started
            end = (state, value, False, reason, seconds)
            self.listen(TrialEnded(proposal.number, proposal.name, *end))

        on_epoch = epoch_listener(proposal.number, self.request.objective, self.listen)
        runner, is_over = self._runner(preset), self.is_interrupted
        try:
            result = train_recorded(runner, proposal, record, is_over=is_over, on_epoch=on_epoch)
        except FloatingPointError as error:
            tell_end(TrialState.FAIL, None, str(error))
            return Training(seed, Verdict.DIVERGED, None, {}, {}, record.run_id)
        if result is None:
            return None
        record.end(RunStatus.FINISHED)
        tell_end(TrialState.COMPLETE, result.value, result.stop_reason.value)
        return _training(seed, result, record.run_id)

    def _runner(self, preset: Preset) -> TrialRunner:
        request = self.request
        return runner_of(
            self.divided,
            self.data,
            n_epochs=request.epochs_of(preset),
            objective=request.objective,
            takes=request.takes,
        )

    def _count_parameters(self, preset: Preset) -> int:
        return self._runner(preset).count_parameters(preset.configuration())


def _training(seed: int, result: TrialResult, run_id: str) -> Training:
    # A trial's accuracy on validation has no prefix, since all its measures but two are of it.
    metrics = {**result.metrics, "val_accuracy": result.metrics["accuracy"]}
    onset = result.tags["onset"]
    return Training(
        seed=seed,
        verdict=Verdict(result.tags["verdict"]),
        onset=None if onset == "none" else int(onset),
        metrics={measure: metrics[measure] for measure in MEASURES},
        epochs=result.facts["epochs"],
        run_id=run_id,
    )


def _divide(request: CompareRequest, say: Callable[[str], None]) -> Divided:
    """Divide the corpus; validation is as large as the presets want it, where they agree."""
    shares = {preset.validation_share for preset in request.presets}
    share = next(iter(shares)) if len(shares) == 1 else None
    divided = divide(request.data, seed=request.seeds[0], say=say, validation_share=share)
    if len(shares) > 1 and divided.corpus.given_split:
        say("the presets hold back different shares for validation: here all have the usual one")
    return divided


def _describe(run: Record, request: CompareRequest, divided: Divided) -> None:
    run.tags(
        {
            "kind": "comparison",
            "compared": ", ".join(preset.name for preset in request.presets),
            "seeds": ", ".join(map(str, request.seeds)),
            "weights": request.takes.value,
            "objective": request.objective.value,
        }
    )
    describe_corpus(run, divided)


def _comparison(
    request: CompareRequest, divided: Divided, rows: tuple[ComparedRow, ...]
) -> Comparison:
    accuracy, answer = _trivial(divided)
    return Comparison(
        corpus=divided.corpus.name,
        rows=rows,
        seeds=request.seeds,
        n_planned=len(request.seeds) * len(request.presets),
        takes=request.takes,
        prior_loss=divided.prior_loss,
        trivial_accuracy=accuracy,
        trivial=answer,
    )


def _trivial(divided: Divided) -> tuple[float, str]:
    """Give the accuracy of predicting what most of train has, whatever the text, and its name."""
    corpus, split = divided.corpus, divided.split
    most = corpus.labels[split.train].mean(axis=0) > 0.5
    accuracy = float((corpus.labels[split.validation] == most).mean())
    if corpus.negative_name:
        answer = corpus.label_names[0] if most[0] else corpus.negative_name
        return accuracy, f"“{answer}” for every text"
    return accuracy, "the labels that most of train has" if most.any() else "no label at all"
