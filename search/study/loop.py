"""The loop: ask for a trial, run it, end it, until the budget is spent.

Knows the tracker as a protocol, and the training of a trial as a function.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from ..errors import SearchError, StudyError
from ..space.hyperparameters import Value
from ..store.trial_store import TrialStore
from ..tracking.record import Tracker
from ..training.recorded_run import describe_error
from ..training.result import Train, TrainingResult
from ..trial.control import Control
from ..trial.events import TrialEnded, TrialRefused, TrialReused, TrialStarted
from ..trial.proposal import SpaceExhausted
from ..trial.ranking import best_trial, count_done
from ..trial.state import StopReason
from ..trial.trial import Trial
from .budget import Budget
from .ending import Ending, find_ending
from .keeping import Keeping
from .plan import StudyPlan
from .reuse import find_evaluated
from .roster import Roster
from .running_trial import RunningTrial

_MAX_FAILURES = 5
_MAX_REFUSALS = 200
_MAX_REUSES = 50
"""So many proposals in a row that were all evaluated before: there are hardly any others."""


@dataclass(slots=True)
class Loop:
    """The trials of one search."""

    trial_store: TrialStore
    tracker: Tracker
    train: Train
    count_parameters: Callable[[Mapping[str, Value]], int]
    plan: StudyPlan
    budget: Budget
    control: Control
    roster: Roster
    """The models whose weights are kept."""
    disproved: Collection[int] = ()
    """Trials that miss the target whatever their value, as fresh seeds have shown."""
    _running: RunningTrial | None = field(default=None, init=False)
    _n_failures: int = field(default=0, init=False)
    _n_refusals: int = field(default=0, init=False)
    _n_reuses: int = field(default=0, init=False)
    _keeping: Keeping = field(init=False)

    def __post_init__(self) -> None:
        """Make the object that keeps networks and checkpoints."""
        self._keeping = Keeping(self.trial_store, self.tracker, self.plan, self.roster)

    def run(self) -> Ending:
        """Run trials until the budget is spent; none if it is spent already.

        Raises:
            StudyError: five trials in a row failed, or two hundred proposals in a row were
                larger than the limit allows.
            KeyboardInterrupt: the user wanted to stop; the running trial is recorded as
                interrupted first.
        """
        try:
            while (ending := self._find_ending()) is None:
                if self.control.is_interrupted():
                    raise KeyboardInterrupt
                self._run_next()
        except SpaceExhausted:
            return Ending.EXHAUSTED
        except BaseException as error:
            interrupted = isinstance(error, KeyboardInterrupt)
            if self._running is not None:
                self._running.cut_off("interrupted" if interrupted else describe_error(error))
            raise
        return ending

    def _find_ending(self) -> Ending | None:
        ending = find_ending(self.trial_store.trials(), self.plan, self.budget, self.disproved)
        return Ending.TIMEOUT if ending is None and self.control.is_time_over() else ending

    def _run_next(self) -> None:
        proposal = self.trial_store.ask()
        running = RunningTrial(proposal, self.trial_store, self.tracker, self.plan.objectives)
        self._running = running
        self._keeping.learn()
        n_parameters = self.count_parameters(proposal.hyperparameters)
        if not running.check_size(n_parameters, self.plan.limits):
            self._refuse(running, n_parameters)
            return
        self._n_refusals = 0
        earlier = find_evaluated(proposal, self.trial_store.trials())
        if earlier is not None:
            self._reuse(running, earlier)
        else:
            self._n_reuses = 0
            self._run(running, n_parameters)

    def _refuse(self, running: RunningTrial, n_parameters: int) -> None:
        limit = self.plan.limits.max_parameters
        running.refuse(f"{n_parameters} parameters > {limit}")
        if not self._n_refusals:
            self.control.listen(TrialRefused(running.trial.number, running.name, n_parameters))
        self._n_refusals += 1
        if self._n_refusals >= _MAX_REFUSALS:
            raise StudyError(
                f"expected a network of at most {limit} parameters, the space gave none in "
                f"{_MAX_REFUSALS} proposals (the last has {n_parameters})",
                "Raise `max_parameters`, or lower vocabulary_size or embedding_size in the space.",
                parameter="max_parameters",
            )

    def _reuse(self, running: RunningTrial, earlier: Trial) -> None:
        running.reuse(earlier)
        number, name = running.trial.number, running.name
        self.control.listen(TrialReused(number, name, earlier.name, earlier.value))
        self._n_reuses += 1
        if self._n_reuses >= _MAX_REUSES:
            raise SpaceExhausted

    def _run(self, running: RunningTrial, n_parameters: int) -> None:
        running.open()
        others = self.trial_store.trials()
        number = running.trial.number
        self.control.listen(TrialStarted(number, running.name, count_done(others), n_parameters))
        try:
            result = running.train(self.train, self.control, others)
        except SearchError:
            # A store failed, not the trial: the trial is cut off and will be repeated.
            raise
        except Exception as error:
            self._fail(running, error)
        else:
            self._end(running, result)

    def _end(self, running: RunningTrial, result: TrainingResult | None) -> None:
        self._n_failures = 0
        seconds = running.seconds
        reason = StopReason.TIMEOUT if result is None else result.training.stop_reason
        if self.control.is_interrupted() and reason is StopReason.TIMEOUT:
            raise KeyboardInterrupt
        if result is None:
            running.cut_off("time over before its first epoch")
            return
        running.finish(result, self._keeping, self.plan.limits)
        self._tell_end(running, reason.value, seconds)

    def _fail(self, running: RunningTrial, error: Exception) -> None:
        seconds = running.seconds
        cause = running.fail(error)
        self._tell_end(running, cause, seconds)
        self._n_failures += 1
        if self._n_failures >= _MAX_FAILURES:
            raise StudyError(
                f"{_MAX_FAILURES} trials in a row failed, the last with {cause}",
                "Its traceback is an artifact of its run. Fix the cause and run the same again.",
            )

    def _tell_end(self, running: RunningTrial, reason: str, seconds: float) -> None:
        trial = running.trial
        best = best_trial(self.trial_store.trials(), self.plan.objective)
        is_best = best is not None and best.number == trial.number
        self.control.listen(
            TrialEnded(
                trial.number, running.name, trial.state, trial.value, is_best, reason, seconds
            )
        )
