"""The pictures of a study: of its best trials, and of the search. Owns which values they show."""

from collections.abc import Sequence

from ..engines.importance import importances
from ..engines.trials import TrialRecord, TrialState
from ..plots.figures import png
from ..plots.search.pictures import search_pictures
from ..plots.search.trials import (
    Outcome,
    Search,
    SearchedDimension,
    SearchedImportance,
    SearchedObjective,
    SearchedTrial,
)
from ..plots.studies import TrialCurve, study_curves
from ..study.standing import ranked
from ..training.history import Objective
from .opened import OpenStudy

_OUTCOMES = {
    TrialState.COMPLETE: Outcome.COMPLETE,
    TrialState.PRUNED: Outcome.PRUNED,
    TrialState.FAIL: Outcome.FAIL,
}
_LOG = ("parameters", "seconds")
"""Objectives that differ by factors."""
_EPOCHS = {Objective.VAL_LOSS: "val_loss", Objective.MACRO_F1: "f1_macro"}
"""What is kept of every epoch, by the objective that it is."""


def draw_best(study: OpenStudy) -> None:
    """Draw the learning curves of the ten best trials on one picture."""
    summary = study.summary()
    best = summary.best
    curves = [
        TrialCurve(
            name=record.facts["name"],
            train_loss=record.facts["epochs"]["train_loss"],
            val_loss=record.facts["epochs"]["val_loss"],
            best_epoch=record.facts["metrics"]["best_epoch"],
            is_winner=best is not None and record.number == best.number,
        )
        for record in ranked(summary.records, summary.objective)
        if "epochs" in record.facts
    ]
    if curves:
        is_loss = summary.objective is Objective.VAL_LOSS
        figure = study_curves(
            curves,
            objective_name=summary.objective.value,
            target=summary.target if is_loss else None,
            prior=summary.prior_loss,
            title=summary.study,
        )
        study.tracker.study.file("plots/best_trials.png", png(figure))


def draw_search(study: OpenStudy) -> None:
    """Draw how the search went: pictures, and one page with all of them."""
    trained = [
        record
        for record in study.engine.records()
        if record.state in _OUTCOMES and not (record.is_refused or record.is_reused)
    ]
    if trained:
        for path, content in search_pictures(_search_of(study, trained)).items():
            study.tracker.study.file(path, content)


def _search_of(study: OpenStudy, trained: Sequence[TrialRecord]) -> Search:
    prepared, summary = study.prepared, study.summary()
    request, space = prepared.request, prepared.space
    directions = zip(request.objectives.names, request.objectives.directions, strict=True)
    leading = {record.number for record in summary.front or filter(None, [summary.best])}
    found = importances(study.store.load(prepared.name), seed=request.seed)
    return Search(
        title=prepared.name,
        trials=[
            SearchedTrial(
                number=record.number,
                name=record.facts.get("name", f"#{record.number}"),
                outcome=_OUTCOMES[record.state],
                values=record.values,
                point={n: v for n, v in record.hyperparameters.items() if n in space.searched},
                epochs=record.facts.get("epochs", {}).get(_EPOCHS[request.objective], ()),
                is_feasible=record.is_feasible,
                is_best=record.number in leading,
                is_start=bool(record.facts.get("start")),
            )
            for record in trained
        ],
        dimensions=[
            SearchedDimension.of(name, space.hyperparameters[name].distribution)
            for name in space.searched
        ],
        objectives=[
            SearchedObjective(name, direction == "minimize", is_log=name in _LOG)
            for name, direction in directions
        ],
        target=request.budget.target,
        levels={b.name: b.metrics[request.objective.metric] for b in summary.baselines},
        importances=None
        if found is None
        else [SearchedImportance(entry.name, entry.share, entry.by_chance) for entry in found],
    )
