"""A study whose stores are open. Holds what each stage of a search needs."""

from dataclasses import dataclass

from ..report.summary import Summary
from ..store.stored_study import StoredStudy
from ..store.study_store import StudyStore
from ..store.trial_store import TrialStore
from ..tracking.mlflow_tracker import MlflowServer, MlflowTracker
from ..trial.confirmation import disproved_trials
from ..trial.trial import Trial
from .budget import Budget
from .plan import StudyPlan
from .roster import Roster, fill_roster, make_roster
from .setup import Setup


@dataclass(frozen=True, slots=True)
class Session:
    """Everything that a running study reads and writes."""

    setup: Setup
    budget: Budget
    store: StudyStore
    server: MlflowServer
    tracker: MlflowTracker
    trial_store: TrialStore

    @property
    def name(self) -> str:
        """Name of the study."""
        return self.setup.name

    @property
    def plan(self) -> StudyPlan:
        """What the study is made of."""
        return self.setup.plan

    @property
    def trials(self) -> list[Trial]:
        """All trials by number."""
        return self.trial_store.trials()

    @property
    def stored(self) -> StoredStudy:
        """What is recorded of the study as a whole so far."""
        return self.store.find(self.name)

    def find_disproved(self) -> frozenset[int]:
        """List the trials whose middle value with fresh seeds misses the target."""
        plan = self.plan
        return disproved_trials(self.stored.confirmations, plan.objective, plan.target)

    def open_roster(self, *, n_kept: int = 1) -> Roster:
        """Collect the models whose weights are kept.

        Args:
            n_kept: best trials whose networks should be there; the roster notes those that are not.
        """
        divided, plan = self.setup.divided, self.plan
        limit = plan.limits.max_parameters
        roster = make_roster(divided.corpus, divided.split, plan.objective, limit)
        fill_roster(roster, self.stored, self.trials, self.server, n_kept=n_kept)
        return roster

    def summarize(self) -> Summary:
        """Collect what the study has come to so far."""
        return Summary(self.stored, self.trials)
