"""A study: one search for the best classifier of a corpus, and everything that is known of it.

What a study is made of is checked when it is made; nothing is read or written before its first use.
Keras, MLflow and Optuna are loaded by the methods that need them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..engines.strategy import Options, choose_strategy
from ..errors import StudyError, TrackingError
from ..space.space import Space
from ..training.quiet import load_keras, quiet_dependencies
from ..trial.arguments import check_known, check_switches, check_texts, check_whole
from ..trial.candidate import AUTO as RULE
from ..trial.candidate import WINNERS, Candidate
from ..trial.control import Control
from ..trial.events import Event
from ..trial.interrupts import Ask, catching_signals
from ..trial.limits import Limits
from ..trial.objective import Objectives
from ..trial.ranking import count_done
from .budget import DEFAULT_TRIALS, Budget
from .ending import Ending
from .plan import (
    AUTO,
    DEFAULT_EPOCHS,
    DEFAULT_EXPERIMENT,
    DEFAULT_KEPT,
    StudyPlan,
    check_name,
    choose_target,
    find_automatic,
    make_presets,
    make_space,
)

# Only annotations need them: they load pandas, Keras or MLflow.
if TYPE_CHECKING:
    import pandas as pd

    from ..report.forecast import Forecast
    from ..report.summary import Summary
    from ..store.stored_study import StoredStudy
    from ..trial.candidate import Contest
    from ..trial.trial import Trial
    from .corpora import Readable
    from .deletion import Deletion
    from .export import ExportReport
    from .places import Places
    from .setup import Setup


@dataclass(frozen=True, slots=True, repr=False)
class SearchReport:
    """What a search came to."""

    summary: Summary
    ending: Ending
    is_idle: bool
    """Whether all was done before, and nothing was run this time."""
    experiment_id: str
    study_run_id: str
    tracking_uri: str
    winner: str = RULE
    """By which the winner is named: auto, network, baseline or ensemble."""

    def __repr__(self) -> str:
        return f"<SearchReport: {self}>"

    def __str__(self) -> str:
        said = [*self.summary.sentences(), *self.summary.describe_winner(self.winner)]
        return f"{' '.join(said)} Ended: {self.ending.value}."


class Study:
    """A study by its name: created, or resumed if it exists."""

    def __init__(
        self,
        name: str | None,
        corpus: Readable,
        *,
        space: Space | str | Path = AUTO,
        objective: str = "val_loss",
        epochs: int = DEFAULT_EPOCHS,
        seed: int = 0,
        target: float | str | None = AUTO,
        max_parameters: int | None = None,
        max_gap: float | None = None,
        engine: str | None = None,
        sampler: str | None = None,
        sampler_options: Options = (),
        pruner: str | None = None,
        pruner_options: Options = (),
        tuner: str | None = None,
        tuner_options: Options = (),
        enqueue: Sequence[str] = (),
        start_from: str | None = None,
        keep: int = DEFAULT_KEPT,
        strict: bool = False,
        embeddings: str | Path | None = None,
        deterministic: bool = False,
        experiment: str = DEFAULT_EXPERIMENT,
        tracking_uri: str | None = None,
        storage: str | None = None,
    ) -> None:
        """Check what a study is made of; nothing is read or written yet.

        Args:
            name: letters, digits, `.`, `_` and `-`; None for a name made of corpus, space and a
                hash of what makes trials comparable.
            corpus: a corpus, or the path or name of one.
            space: a search space, the name of a shipped one, or the path of a YAML file; "auto" is
                topics where each text has exactly one of several classes, else genre.
            objective: val_loss (minimised) or macro_f1 (maximised); with others after a comma, of
                parameters, seconds and gap (all minimised), for a Pareto front.
            epochs: of a trial at most, 1 or more.
            seed: of the split and of everything that is drawn, 0 or more.
            target: value of the first objective at which a search ends; "auto" is 0.05 for val_loss
                alone, else None for none.
            max_parameters: networks with more weights are refused untrained.
            max_gap: largest gap of validation over train loss with which a trial can win, in nats.
            engine: what proposes trials, optuna or keras-tuner.
            sampler: how Optuna draws trials.
            sampler_options: by name, or each written KEY=VALUE.
            pruner: how Optuna prunes trials.
            pruner_options: likewise.
            tuner: how KerasTuner proposes trials.
            tuner_options: likewise.
            enqueue: names of presets that are tried first.
            start_from: name of a study whose finished trials a new one begins with.
            keep: best trials whose networks are kept, 1 or more.
            strict: whether data with findings beyond the limits of the audit are refused.
            embeddings: file of word vectors that embeddings start from.
            deterministic: whether only operations are used that give the same digits each time.
            experiment: of MLflow.
            tracking_uri: of MLflow; by default $MLFLOW_TRACKING_URI, else MLflow's own default.
            storage: address of the database of studies; by default studies.db beside MLflow's.

        Raises:
            StudyError: a name, number or method is not valid, or does not fit the others.
            SpaceError: the space or a preset cannot be used.
        """
        if name is not None:
            check_name(name)
        check_texts(
            objective=objective, engine=engine, sampler=sampler, pruner=pruner, tuner=tuner,
            start_from=start_from, experiment=experiment, tracking_uri=tracking_uri,
            storage=storage,
        )  # fmt: skip
        check_switches(strict=strict, deterministic=deterministic)
        objectives = Objectives.parse(objective)
        vectors = None if embeddings is None else Path(embeddings)
        self._plan: StudyPlan | None = StudyPlan(
            space=make_space(space, vectors),
            objectives=objectives,
            n_epochs=epochs,
            seed=seed,
            target=choose_target(target, objectives),
            limits=Limits(max_parameters, max_gap),
            strategy=choose_strategy(
                n_objectives=len(objectives.names),
                engine=engine,
                sampler=sampler,
                sampler_options=sampler_options,
                pruner=pruner,
                pruner_options=pruner_options,
                tuner=tuner,
                tuner_options=tuner_options,
            ),
            enqueued=make_presets(enqueue),
            start_from=start_from,
            experiment=experiment,
            n_kept=keep,
            is_strict=strict,
            embeddings=vectors,
            is_deterministic=deterministic,
            automatic=find_automatic(space=space, target=target),
        )
        self._name = name
        self._corpus: Readable | None = corpus
        self._setup: Setup | None = None
        self._addresses = (tracking_uri, storage)

    @classmethod
    def open(
        cls, name: str = "latest", *, tracking_uri: str | None = None, storage: str | None = None
    ) -> Study:
        """Open an existing study, to read, export or delete it.

        Args:
            name: of the study; "latest" for the one searched last.
            tracking_uri: of MLflow.
            storage: address of the database of studies.

        Raises:
            StudyError: there is no such study.
        """
        study = cls.__new__(cls)
        study._plan = study._corpus = study._setup = None
        study._addresses = (tracking_uri, storage)
        study._name = study._places.open_store(must_exist=True).find(name).name
        return study

    def __repr__(self) -> str:
        return f"Study({self._name!r})"

    @property
    def name(self) -> str:
        """Its name; where that is made of corpus and space, the corpus is read for it."""
        return self._name or self._set_up(Control()).name

    @property
    def trials(self) -> list[Trial]:
        """All its trials by number; none before its first search.

        Raises:
            StudyError: the database of studies cannot be read.
        """
        found = self._find()
        return [] if found is None else found[1]

    @property
    def best(self) -> Trial | None:
        """The trial with the best network so far; None without one.

        Raises:
            StudyError: the database of studies cannot be read.
        """
        from ..report.summary import Summary

        found = self._find()
        return None if found is None else Summary(*found).best

    @property
    def contest(self) -> Contest:
        """The candidates compared: best network, linear baseline and ensemble, those there are.

        Where trials have ended since they were last compared, or weights are gone, they are
        compared now, which reads the corpus again.

        Raises:
            StudyError: it was not searched yet, or no trial is complete.
            ExportError, DataError: the corpus has changed, or cannot be read any more.
            TrackingError: MLflow does not answer.
        """
        quiet_dependencies()
        from .contest import read_contest

        return read_contest(self._places, self.summary)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The best network, the linear baseline and the ensemble, with their crossed measures.

        Raises:
            StudyError, ExportError, DataError, TrackingError: as `contest`.
        """
        return self.contest.candidates

    @property
    def winner(self) -> Candidate:
        """The candidate that wins: the cheapest of those within half a percent of the best.

        Raises:
            StudyError, ExportError, DataError, TrackingError: as `contest`.
        """
        return self.contest.find()

    def ensemble(self, max_members: int = 6) -> Candidate:
        """Select an ensemble of so many different models at most, and measure it.

        Args:
            max_members: 2 or more.

        Raises:
            StudyError: no ensemble of several models is better than one alone; else as
                `contest`.
            ExportError, DataError, TrackingError: as `contest`.
        """
        check_whole("max_members", max_members, least=2)
        load_keras()
        from .contest import select_ensemble

        return select_ensemble(self._places, self.summary, max_members=max_members)

    @property
    def summary(self) -> Summary:
        """What the study has come to: trials, baselines, candidates, the verdict on the target.

        Raises:
            StudyError: it was not searched yet, or the database of studies cannot be read.
        """
        from .reading import read_summary

        return read_summary(self._places, self.name)

    def frame(self) -> pd.DataFrame:
        """List trials and baselines as a data frame, in the order of the leaderboard.

        Raises:
            StudyError: as `summary`.
        """
        from ..report.leaderboard import make_frame

        return make_frame(self.summary.rows())

    def search(
        self,
        trials: int = DEFAULT_TRIALS,
        *,
        timeout: float | None = None,
        patience: int | None = None,
        confirm: int = 0,
        winner: str = RULE,
        on_message: Callable[[str], None] = lambda _sentence: None,
        on_event: Callable[[Event], None] = lambda _event: None,
        is_interrupted: Ask | None = None,
    ) -> SearchReport:
        """Search until the study has so many trials, or another reason ends it.

        Args:
            trials: total of complete and pruned trials over all searches of the study.
            timeout: seconds of this search, with the reading of the corpus.
            patience: the search ends when so many trials in a row were no better.
            confirm: best trials that are trained again with three fresh seeds each, by which the
                best network is chosen.
            winner: what the report names as the winner: network, baseline or ensemble; auto takes
                the cheapest of those within half a percent of the best.
            on_message: called with each sentence that a user should read.
            on_event: called with each event while trials run.
            is_interrupted: asked between two batches whether to stop; by default Ctrl-C stops
                there.

        Raises:
            DataError: the corpus cannot be used; nothing was written.
            StudyError: a study of this name has other settings, or its trials fail.
            TrackingError: MLflow does not answer.
            KeyboardInterrupt: the user wanted to stop; the running trial is repeated when the study
                is searched again.
        """
        check_known("winner", winner, WINNERS)
        budget = Budget(trials, timeout, patience, confirm)
        load_keras()
        with catching_signals(is_interrupted, on_message) as ask:
            control = Control(on_message, on_event, ask, budget.deadline())
            return _name_winner(self._run(budget, control), winner, on_message)

    def confirm(
        self,
        n: int = 3,
        *,
        on_message: Callable[[str], None] = lambda _sentence: None,
        is_interrupted: Ask | None = None,
    ) -> SearchReport:
        """Train the best trials again with three fresh seeds each, and choose the best by these.

        Args:
            n: best trials that are confirmed, 1 or more.
            on_message: called with each sentence that a user should read.
            is_interrupted: asked between two batches whether to stop; by default Ctrl-C stops
                there.

        Raises:
            StudyError: the study has no trial yet; else as `search`.
            DataError, TrackingError, KeyboardInterrupt: as `search`.
        """
        check_whole("n", n, least=1)
        load_keras()
        found = self._find()
        if found is None or not found[1]:
            raise StudyError(
                f"study {self.name}: expected trials to confirm, found none", "Search first."
            )
        budget = Budget(found[0].settings.n_trials, n_confirmed=n)
        with catching_signals(is_interrupted, on_message) as ask:
            control = Control(on_message, is_interrupted=ask)
            return self._run(budget, control, only_confirms=True)

    def create(
        self,
        trials: int = DEFAULT_TRIALS,
        *,
        on_message: Callable[[str], None] = lambda _sentence: None,
    ) -> None:
        """Make the study in both stores without running a trial.

        Raises:
            DataError: the corpus cannot be used; nothing was written.
            StudyError: there is one of that name already, or the one to start from is not there.
            TrackingError: MLflow does not answer.
        """
        budget, control = Budget(trials), Control(say=on_message)
        setup = self._set_up(control)
        from .opening import open_session

        if self._find() is not None:
            raise StudyError(
                f"study {setup.name}: expected a free name, but that study exists",
                "`genre-search search` with the same options resumes it; or give another `name`.",
            )
        with open_session(setup, budget, self._places, control):
            pass

    def forecast(
        self,
        trials: int = DEFAULT_TRIALS,
        *,
        timeout: float | None = None,
        patience: int | None = None,
        confirm: int = 0,
        on_message: Callable[[str], None] = lambda _sentence: None,
    ) -> Forecast:
        """Find out what a search would do, take and need; nothing is trained or written.

        Args:
            trials: as of `search`.
            timeout: as of `search`.
            patience: as of `search`.
            confirm: as of `search`.
            on_message: called with each sentence that a user should read.

        Raises:
            DataError, StudyError: as `search`.
        """
        budget = Budget(trials, timeout, patience, confirm)
        setup = self._set_up(Control(say=on_message))
        from .dry_run import forecast_search

        for limit in setup.describe_limits(budget):
            on_message(limit)
        return forecast_search(setup, budget, self._places)

    def export(
        self,
        directory: str | Path,
        *,
        winner: str = RULE,
        trial: int | None = None,
        force: bool = False,
        again: bool = False,
    ) -> ExportReport:
        """Write the winner's bundle, verified and measured once on the test split.

        The test split is read for all candidates together, the first time.

        Args:
            directory: the bundle's folder.
            winner: auto, network, baseline or ensemble, as of `search`.
            trial: number of a trial to export instead; a complete one, whose network was kept.
            force: whether a bundle that is there is replaced.
            again: whether test may be read for something else than it was read for.

        Raises:
            StudyError: there is no such study, candidate or complete trial.
            ExportError: the folder is there, a model was not kept, the data have changed, the
                bundle does not predict what training did, or test was read for something else.
            DataError: the corpus cannot be read any more.
        """
        from ..export.bundle import check_free

        check_known("winner", winner, WINNERS)
        check_free(Path(directory), force=force)
        load_keras()
        from .export import export_candidate

        return export_candidate(
            self._places,
            self.name,
            Path(directory),
            winner=winner,
            number=trial,
            force=force,
            again=again,
        )

    def delete(self, *, on_message: Callable[[str], None] = lambda _sentence: None) -> Deletion:
        """Delete the study from both stores: trials and networks for good, runs to MLflow's trash.

        Returns:
            What was deleted.

        Raises:
            StudyError: neither store has it, or a process of this machine is searching it.
            TrackingError: MLflow does not answer; the same deletion completes it.
        """
        from .deletion import delete_study, plan_deletion

        deletion = plan_deletion(self._places, self.name)
        delete_study(self._places, deletion, Control(say=on_message))
        return deletion

    def _run(
        self, budget: Budget, control: Control, *, only_confirms: bool = False
    ) -> SearchReport:
        """Open the study, run something of it, and record how that ended."""
        from .opening import open_session
        from .stages.sequence import run_confirmation, run_stages

        run = run_confirmation if only_confirms else run_stages
        with open_session(self._set_up(control), budget, self._places, control) as session:
            before = count_done(session.trials), session.stored.results
            study_run, server = session.tracker.study, session.server
            study_run.tags({"ended": "not yet"})
            try:
                ending = run(session, control)
            except BaseException as error:
                interrupted = isinstance(error, KeyboardInterrupt)
                with suppress(TrackingError):
                    study_run.tags({"ended": "interrupted" if interrupted else "error"})
                raise
            study_run.tags({"ended": ending.value})
        after = count_done(session.trials), session.stored.results
        experiment_id = server.find_experiment(study_run.run_id) or ""
        where = experiment_id, study_run.run_id, server.uri
        return SearchReport(session.summarize(), ending, before == after, *where)

    @property
    def _places(self) -> Places:
        quiet_dependencies()
        from .places import Places

        return Places(*self._addresses)

    def _find(self) -> tuple[StoredStudy, list[Trial]] | None:
        """Read what the database has of the study, and its trials; None before its first search."""
        store = self._places.find_store()
        stored = None if store is None else store.read(self.name)
        return None if store is None or stored is None else (stored, store.trials(self.name))

    def _set_up(self, control: Control) -> Setup:
        """Read and encode the corpus, once.

        Args:
            control: gets the sentences that the user should read, the first time.

        Raises:
            StudyError: the study was opened without its corpus.
            DataError: the corpus cannot be used.
        """
        load_keras()
        from .corpora import read_corpus
        from .setup import set_up

        if self._plan is None:
            raise StudyError(
                f"study {self._name}: expected its corpus, but it was opened without",
                "Open it with Study(name, corpus, …) to resume it.",
            )
        if self._setup is None:
            self._setup = set_up(self._name, self._plan, read_corpus(self._corpus), control)
        return self._setup


def _name_winner(
    report: SearchReport, winner: str, on_message: Callable[[str], None]
) -> SearchReport:
    """Name the winner that was asked for, or that of the rule where it is not there."""
    contest = report.summary.contest
    try:
        if contest is not None:
            contest.find(winner)
    except StudyError as error:
        on_message(f"{error.message}; the winner is chosen by the rule")
        return report
    return replace(report, winner=winner)
