"""The page of a bundle for a person. Owns its sentences; its frame is `bundle_readme.md`."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..metrics.task import Task
from .member import Kind, Member

_THRESHOLDS = (
    " and\nthe thresholds (tuned on validation) from which a label counts as predicted",
    "F1 on validation is scored with thresholds from the other half of validation; on test, with "
    "the\nthresholds of this bundle. Losses are binary cross-entropy in nats, averaged over texts "
    "and labels.",
)
_ONE_CHOICE = (
    ".\nA text has exactly one of them: the most probable one is predicted",
    "Losses are means over texts of -ln p of the true label, in nats.",
)
"""What the page says of decisions and of measures."""
_SINGLE = "One model predicts alone."
_SEVERAL = "The probabilities are the mean of those of the members, by their weights."
_KINDS = {
    Kind.NETWORK: """
A network is `model.keras`: it maps token ids (int32, padding is 0) to probabilities and loads with
`keras.saving.load_model` in safe mode. A word's token id is its line in `vocabulary.txt` plus 1;
unknown words are 1. `member.json` says how texts are cut and padded.
""",
    Kind.LINEAR: """
A linear model is `linear.npz`, which `numpy.load` reads without pickle. Line i of `vocabulary.txt`
is the word of row i. A text is the counts n of these words, each weighed by (1 + ln n) · `idf`, all
scaled to length 1. Times `coefficients`, plus `intercepts`, that gives a logit for each label, and
the sigmoid makes it a probability. Where a text has exactly one label, a softmax over the labels
with `is_learned` does, times the sum of their `priors`. The other labels always get their `priors`.
""",
}


def write_page(
    *,
    task: Task,
    n_labels: int,
    members: Sequence[Member],
    metrics: Mapping[str, Mapping[str, float]],
    notes: Sequence[str],
    origin: Mapping[str, Any],
) -> str:
    """Write the page in Markdown; the arguments are those of a bundle."""
    measures = sorted({name for values in metrics.values() for name in values})
    by_measure = [[name, *(_number(of.get(name)) for of in metrics.values())] for name in measures]
    of_members = [[f"`{m.folder}`", m.name, m.kind, f"{m.weight:.4f}"] for m in members]
    kinds = [kind for kind in Kind if any(member.kind is kind for member in members)]
    decision, unit = _ONE_CHOICE if task.is_multiclass else _THRESHOLDS
    template = Path(__file__).with_name("bundle_readme.md").read_text(encoding="utf-8")
    return template.format(
        n_labels=n_labels,
        decision=decision,
        mean=_SINGLE if len(members) == 1 else _SEVERAL,
        members=_table(["folder", "name", "kind", "weight"], of_members),
        measures=unit,
        rows=_table(["measure", *metrics], by_measure),
        notes="\n## Notes\n" + "\n\n".join(notes) + "\n" if notes else "",
        origin="\n".join(f"| {key} | {value} |" for key, value in origin.items()),
        kinds="".join(_KINDS[kind] for kind in kinds),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else str(value)
