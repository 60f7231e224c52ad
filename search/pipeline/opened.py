"""A study whose stores are open. Owns what every stage of a search is handed."""

from dataclasses import dataclass
from typing import Any

from ..engines.engine import Engine
from ..engines.store import StudyStore
from ..report.summary import Summary
from ..tracking.mlflow_tracker import MlflowServer, MlflowTracker
from .prepared import Prepared
from .studies import summary_of


@dataclass(frozen=True, slots=True)
class OpenStudy:
    """Everything that a running study reads and writes."""

    prepared: Prepared
    store: StudyStore
    server: MlflowServer
    tracker: MlflowTracker
    engine: Engine

    @property
    def results(self) -> dict[str, Any]:
        """What is recorded of the study as a whole so far, by topic."""
        return self.store.find(self.prepared.name).results

    def keep(self, topic: str, result: Any) -> None:
        """Record a result of the study as a whole, JSON."""
        self.store.record(self.prepared.name, topic, result)

    def summary(self) -> Summary:
        """Collect what the study has come to so far."""
        return summary_of(self.store.find(self.prepared.name), self.engine.records())
