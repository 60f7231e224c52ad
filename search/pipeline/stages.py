"""The stages of a study, one after another: baselines, trials, confirmation, reach.

Owns their order and how long they may take; each knows its own work.
"""

import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from ..space.hyperparameters import Hyperparameters, Value
from ..study.events import Event, TrialEnded
from ..study.loop import Ending, Loop
from ..study.standing import disproved_by
from ..study.trial import TrainedTrial, TrialRunner
from .baselines import open_baselines
from .confirming import confirm_best
from .opened import OpenStudy
from .prepared import trained_on
from .reaching import measure_reach
from .recording import record_standing, save_network
from .studies import confirmations_of


def run_stages(
    study: OpenStudy,
    listen: Callable[[Event], None],
    say: Callable[[str], None],
    is_interrupted: Callable[[], bool],
) -> Ending:
    """Run what is left to do of a study.

    Raises:
        StudyError: its trials fail.
        TrackingError: MLflow does not answer.
        KeyboardInterrupt: the user wanted to stop.
    """
    started = time.monotonic()
    prepared = study.prepared
    request = prepared.request
    timeout = request.budget.timeout_seconds

    def is_time_over() -> bool:
        return timeout is not None and time.monotonic() >= started + timeout

    def is_over() -> bool:
        return is_time_over() or is_interrupted()

    def save(trained: TrainedTrial, directory: Path) -> None:
        number = trained.proposal.number
        origin = {"study": prepared.name, "trial": number, "study_seed": request.seed}
        save_network(prepared.divided, trained, origin, directory)

    rival = open_baselines(study, say)
    data = trained_on(prepared)
    runner = TrialRunner(
        data=data,
        label_names=prepared.divided.corpus.label_names,
        objective=request.objective,
        n_epochs=request.n_epochs,
        target=request.budget.target,
        prior_loss=prepared.divided.prior_loss,
        floor=prepared.divided.corpus.floor,
        rival=rival,
        save=save,
    )
    while True:
        disproved = _disproved(study)
        ending = _search(study, runner, disproved, listen, is_time_over, is_interrupted)
        if ending is Ending.TIMEOUT:
            return ending
        is_whole = confirm_best(study, runner, is_over=is_over, say=say)
        # A target that fresh seeds do not meet is still to be met.
        if not (is_whole and ending is Ending.TARGET and _disproved(study) != disproved):
            break
    is_whole = is_whole and measure_reach(study, rival, is_over=is_over, say=say)
    if is_interrupted():
        raise KeyboardInterrupt
    return ending if is_whole else Ending.TIMEOUT


def _disproved(study: OpenStudy) -> frozenset[int]:
    request = study.prepared.request
    confirmations = confirmations_of(study.results)
    return disproved_by(confirmations, request.objective, request.budget.target)


def _search(
    study: OpenStudy,
    runner: TrialRunner,
    disproved: Collection[int],
    listen: Callable[[Event], None],
    is_time_over: Callable[[], bool],
    is_interrupted: Callable[[], bool],
) -> Ending:
    request = study.prepared.request

    def count_parameters(hyperparameters: Mapping[str, Value]) -> int:
        return runner.count_parameters(Hyperparameters.of(hyperparameters))

    def listen_and_record(event: Event) -> None:
        if isinstance(event, TrialEnded):
            record_standing(study)
        listen(event)

    return Loop(
        engine=study.engine,
        tracker=study.tracker,
        run_trial=runner,
        count_parameters=count_parameters,
        objective=request.objective,
        budget=request.budget,
        listen=listen_and_record,
        is_interrupted=is_interrupted,
        is_time_over=is_time_over,
        disproved=disproved,
        n_kept=request.n_kept,
    ).run()
