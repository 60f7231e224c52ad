"""The stages of a study, one after another: baselines, trials, confirmation, reach.

Owns their order, and what is shown of the study after them; each knows its own work.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..errors import SearchError
from ..metrics.matrices import Probabilities
from ..space.hyperparameters import Hyperparameters, Value
from ..study.ending import Ending
from ..study.events import Event, TrialEnded
from ..study.loop import Loop
from ..study.standing import disproved_by
from ..study.trial import TrainedTrial, TrialRunner
from ..training.determinism import make_deterministic
from .baselines import open_baselines
from .confirming import confirm_best
from .drawing import draw_best, draw_search
from .opened import OpenStudy
from .reaching import measure_reach
from .recording import fetch_checkpoint, record_standing, save_network
from .refreshing import Refresh
from .studies import confirmations_of

_PICTURE_SECONDS = 60.0
"""From one drawing of the search to the next."""


def run_stages(
    study: OpenStudy,
    listen: Callable[[Event], None],
    say: Callable[[str], None],
    *,
    is_time_over: Callable[[], bool],
    is_interrupted: Callable[[], bool],
) -> Ending:
    """Run what is left to do of a study, and show what it has come to, however it ends.

    Args:
        study: what is run.
        listen: called with each event while trials run.
        say: called with each sentence that the user should read.
        is_time_over: asked before each batch, and each label of the baseline.
        is_interrupted: asked at the same places whether the user wants to stop.

    Raises:
        StudyError: its trials fail.
        TrackingError: MLflow does not answer.
        KeyboardInterrupt: the user wanted to stop.
    """
    if study.prepared.request.is_deterministic:
        make_deterministic()
    before = _drawn_of(study)
    try:
        ending = _Stages(study, listen, say, is_time_over, is_interrupted).run()
    except BaseException:
        # The user must read why it ended, not that it could not be shown after that.
        with suppress(SearchError):
            _show(study, before)
        raise
    _show(study, before)
    return ending


def _drawn_of(study: OpenStudy) -> tuple[Any, ...]:
    """Give what pictures are drawn of."""
    return [record.state for record in study.engine.records()], study.results


def _show(study: OpenStudy, before: tuple[Any, ...]) -> None:
    record_standing(study)
    if _drawn_of(study) != before:
        draw_best(study)
        draw_search(study)


@dataclass(frozen=True, slots=True)
class _Stages:
    study: OpenStudy
    listen: Callable[[Event], None]
    say: Callable[[str], None]
    is_time_over: Callable[[], bool]
    is_interrupted: Callable[[], bool]

    def run(self) -> Ending:
        study, say = self.study, self.say
        rival = open_baselines(study, say, self._is_over)
        if rival is None:
            return self._unless_interrupted(Ending.TIMEOUT)
        runner = self._runner(rival)
        while True:
            disproved = self._disproved()
            ending = self._search(runner, disproved)
            if ending is Ending.TIMEOUT:
                return ending
            is_whole = confirm_best(study, runner, is_over=self._is_over, say=say)
            # A target that fresh seeds do not meet is still to be met.
            if not (is_whole and ending is Ending.TARGET and self._disproved() != disproved):
                break
        is_whole = is_whole and measure_reach(study, rival, is_over=self._is_over, say=say)
        return self._unless_interrupted(ending if is_whole else Ending.TIMEOUT)

    def _unless_interrupted(self, ending: Ending) -> Ending:
        if self.is_interrupted():
            raise KeyboardInterrupt
        return ending

    def _is_over(self) -> bool:
        return self.is_time_over() or self.is_interrupted()

    def _runner(self, rival: Probabilities) -> TrialRunner:
        prepared = self.study.prepared
        request, divided = prepared.request, prepared.divided

        def save(trained: TrainedTrial, directory: Path) -> None:
            number = trained.proposal.number
            origin = {"study": prepared.name, "trial": number, "study_seed": request.seed}
            save_network(divided, trained, origin, directory)

        return TrialRunner(
            data=prepared.data,
            label_names=divided.corpus.label_names,
            objective=request.objective,
            n_epochs=request.n_epochs,
            target=request.budget.target,
            prior_loss=divided.prior_loss,
            floor=divided.corpus.floor,
            rival=rival,
            save=save,
            fetch_checkpoint=partial(fetch_checkpoint, self.study),
        )

    def _disproved(self) -> frozenset[int]:
        request = self.study.prepared.request
        confirmations = confirmations_of(self.study.results)
        return disproved_by(confirmations, request.objective, request.budget.target)

    def _search(self, runner: TrialRunner, disproved: Collection[int]) -> Ending:
        study, request = self.study, self.study.prepared.request
        refresh = Refresh(partial(record_standing, study))
        draw = Refresh(partial(draw_search, study), pause_seconds=_PICTURE_SECONDS)

        def count_parameters(hyperparameters: Mapping[str, Value]) -> int:
            return runner.count_parameters(Hyperparameters.of(hyperparameters))

        def listen_and_show(event: Event) -> None:
            if isinstance(event, TrialEnded):
                refresh()
                draw()
            self.listen(event)

        return Loop(
            engine=study.engine,
            tracker=study.tracker,
            run_trial=runner,
            count_parameters=count_parameters,
            objectives=request.objectives,
            budget=request.budget,
            listen=listen_and_show,
            is_interrupted=self.is_interrupted,
            is_time_over=self.is_time_over,
            disproved=disproved,
            n_kept=request.n_kept,
        ).run()
