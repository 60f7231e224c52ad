"""Put the tables and pictures of benchmarks/course_notes.jsonl into docs/course-notes.md.

Run: GENRE_SEARCH_DATA=FOLDER python benchmarks/course_notes_page.py

The page's prose is written by hand; what stands between `<!-- begin NAME -->` and
`<!-- end NAME -->` is made here, and so are the pictures beside it.
"""

import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from course_notes import FILES, ROOT, Job, results

from search.data.corpus import open_corpus
from search.data.split.split import split_corpus
from search.metrics.losses import prior_cross_entropy
from search.plots.comparison import comparison_curves
from search.plots.figures import png
from search.space.shipped_files import list_presets, open_preset
from search.trial.epoch import Curves

PAGE = ROOT / "docs" / "course-notes.md"
_PICTURES = ROOT / "docs" / "course-notes"

Entry = dict[str, Any]


def trainings(job: Job) -> list[Entry]:
    """List the results of a job with every seed that was trained, by seed."""
    known = results()
    same = [Job(job.preset, job.corpus, seed, job.n_epochs, job.changes) for seed in range(10)]
    return [known[other.name] for other in same if other.name in known]


def spread(values: Sequence[float], digits: int) -> str:
    """Write a mean with its standard deviation over seeds, where there are several."""
    mean = f"{fmean(values):.{digits}f}"
    return mean if len(values) == 1 else f"{mean} ± {stdev(values):.{digits}f}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def reviews() -> str:
    rows = []
    names = [name for name in list_presets() if name.startswith("imdb")]
    jobs = [Job(name, "imdb") for name in names]
    jobs.append(Job("imdb-cnn-lstm-100-dropout", "imdb", n_epochs=10))
    for job in jobs:
        found, published = trainings(job), open_preset(job.preset).published
        if not found:
            continue
        tested = [entry["result"]["test"]["accuracy"] for entry in found]
        validated = [entry["result"]["validation"]["accuracy"] for entry in found]
        best = [100 * max(entry["result"]["epochs"]["val_accuracy"]) for entry in found]
        seconds = [entry["result"]["validation"]["seconds_per_epoch"] for entry in found]
        test, validation = published.get("test_accuracy"), published.get("val_accuracy")
        rows.append(
            [
                job.preset,
                f"{found[0]['result']['validation']['parameters']:,}",
                str(found[0]["n_epochs"]),
                spread([100 * value for value in tested], 1),
                "" if test is None else f"{100 * test:.1f}",
                "" if test is None else f"{100 * (fmean(tested) - test):+.1f}",
                spread([100 * value for value in validated], 1),
                spread(best, 1),
                "" if validation is None else f"{100 * validation:.0f}",
                f"{min(seconds):.0f}",
                f"{published['seconds_per_epoch']:.0f}" if "seconds_per_epoch" in published else "",
                str(len(found)),
            ]
        )
    header = ["preset", "parameters", "epochs", "test accuracy, %", "published", "difference",
              "validation accuracy, %", "best epoch's", "published", "seconds an epoch",
              "published", "seeds"]  # fmt: skip
    return table(header, rows)


@dataclass(frozen=True, slots=True)
class Levels:
    """What asks nothing of a network, on validation."""

    prior: float
    """Loss of the label priors."""
    accuracy: float
    """Of predicting no label at all, or the more frequent of two classes."""
    answer: str
    """What is predicted for that."""


@cache
def levels(name: str) -> Levels:
    path = FILES[name]
    source = path if name == "synopses" else str(Path(os.environ["GENRE_SEARCH_DATA"], path))
    corpus = open_corpus(source)
    split = split_corpus(corpus, seed=0)
    truth = corpus.labels[split.validation]
    nothing = float((truth == 0).mean())
    prior = prior_cross_entropy(corpus.labels[split.train], truth)
    if truth.shape[1] == 1:
        return Levels(prior, max(nothing, 1 - nothing), "one class")
    return Levels(prior, nothing, "no label at all")


def plateau() -> str:
    rows = []
    for name in ("netflix", "synopses"):
        level = levels(name)
        rows.append([f"{name}: label priors", "", f"{level.prior:.4f}", "", "", ""])
        accuracy = f"{100 * level.accuracy:.2f}"
        rows.append([f"{name}: predict no label", "", "", accuracy, "0.0", "0.000"])
        for preset in (name for name in list_presets() if name.startswith("genre")):
            for entry in trainings(Job(preset, name)):
                measured = entry["result"]["validation"]
                losses = entry["result"]["epochs"]["val_loss"]
                rows.append(
                    [
                        f"{name}: {preset}",
                        f"{measured['train_loss']:.4f}",
                        f"{measured['val_loss']:.4f} (lowest {min(losses):.4f})",
                        f"{100 * measured['accuracy']:.2f}",
                        f"{100 * measured['recall_micro_at_half']:.1f}",
                        f"{measured['f1_macro_at_half']:.3f}",
                    ]
                )
    header = ["", "train loss", "validation loss", "accuracy, %", "positives found, %",
              "macro F1 at 0.5"]  # fmt: skip
    return table(header, rows)


def overfitting() -> str:
    rows = []
    for corpus in ("netflix", "synopses"):
        for preset in ("genre-model-1", "genre-model-2"):
            for entry in trainings(Job(preset, corpus)):
                epochs = entry["result"]["epochs"]
                losses = epochs["val_loss"]
                best = losses.index(min(losses))
                train = epochs["train_loss"]
                rows.append(
                    [
                        f"{corpus}: {preset}",
                        str(best + 1),
                        f"{train[best]:.4f} / {losses[best]:.4f}",
                        entry["result"]["onset"],
                        str(len(losses)),
                        f"{train[-1]:.4f} / {losses[-1]:.4f}",
                        entry["result"]["verdict"],
                    ]
                )
    header = ["", "best epoch", "train / validation there", "onset", "last epoch",
              "train / validation there", "verdict"]  # fmt: skip
    return table(header, rows)


def _compared(jobs: Sequence[tuple[str, Job]]) -> str:
    """Tabulate trainings on corpora whose test part is not read."""
    rows = []
    for name, job in jobs:
        found = [entry["result"] for entry in trainings(job)]
        if not found:
            continue
        validation = [result["validation"] for result in found]
        rows.append(
            [
                name,
                f"{validation[0]['parameters']:,}",
                spread([100 * entry["accuracy"] for entry in validation], 1),
                spread([100 * max(result["epochs"]["val_accuracy"]) for result in found], 1),
                spread([entry["val_loss"] for entry in validation], 3),
                spread([entry["train_loss"] for entry in validation], 3),
                f"{min(entry['seconds_per_epoch'] for entry in validation):.1f}",
                str(len(found)),
            ]
        )
    header = ["", "parameters", "validation accuracy, %", "best epoch's", "validation loss",
              "train loss", "seconds an epoch", "seeds"]  # fmt: skip
    return table(header, rows)


_DIRECTIONS = (
    ("LSTM 64", Job("imdb-bilstm", "rt-polarity", changes={"bidirectional": False})),
    (
        "LSTM 64, padding before",
        Job("imdb-bilstm", "rt-polarity", changes={"bidirectional": False, "padding": "pre"}),
    ),
    ("two LSTMs 64", Job("imdb-deep-lstm", "rt-polarity")),
    ("bidirectional LSTM 64", Job("imdb-bilstm", "rt-polarity")),
    ("two bidirectional LSTMs 64", Job("imdb-deep-bilstm", "rt-polarity")),
)
_OPTIMIZERS = (
    ("Adam", Job("imdb-bilstm", "rt-polarity")),
    *(
        (name, Job("imdb-bilstm", "rt-polarity", changes={"optimizer": key}))
        for name, key in (("RMSprop", "rmsprop"), ("Nadam", "nadam"), ("SGD", "sgd"))
    ),
)


def directions() -> str:
    return _compared(_DIRECTIONS)


def optimizers() -> str:
    return _compared(_OPTIMIZERS)


def _curves(name: str, title: str, jobs: Sequence[tuple[str, Job]]) -> None:
    """Draw the curves of some jobs, with all their seeds, to a picture beside the page."""
    measures = ("train_loss", "val_loss", "train_accuracy", "val_accuracy")
    configurations = {}
    for label, job in jobs:
        epochs = [entry["result"]["epochs"] for entry in trainings(job)]
        if epochs:
            configurations[label] = [Curves(*(e[name] for name in measures)) for e in epochs]
    if configurations:
        _PICTURES.mkdir(exist_ok=True)
        level = levels(jobs[0][1].corpus)
        figure = comparison_curves(
            configurations,
            prior=level.prior,
            trivial_accuracy=level.accuracy,
            trivial=level.answer,
            title=title,
        )
        (_PICTURES / f"{name}.png").write_bytes(png(figure))


def pictures() -> None:
    cells = [(f"genre-{cell}", Job(f"genre-{cell}", "netflix")) for cell in ("rnn", "lstm", "gru")]
    _curves("cells", "Three cells on Netflix titles", cells)
    models = [(preset, Job(preset, "netflix")) for preset in ("genre-model-1", "genre-model-2")]
    _curves("overfitting", "Forty epochs on Netflix titles", models)
    _curves("directions", "Directions and depth on rt_polarity", _DIRECTIONS)
    _curves("optimizers", "A bidirectional LSTM on rt_polarity", _OPTIMIZERS)
    deep = ("imdb-deep-bilstm", "imdb-deep-bilstm-adam-dropout", "imdb-deep-bilstm-rmsprop",
            "imdb-deep-bilstm-rmsprop-dropout")  # fmt: skip
    _curves("deep", "Two bidirectional LSTMs on reviews", [(n, Job(n, "imdb")) for n in deep])
    lstms = [name for name in list_presets() if "lstm-100" in name]
    _curves("lstm-100", "LSTM 100 on reviews", [(name, Job(name, "imdb")) for name in lstms])
    plain = ("imdb-simple-rnn-32", "imdb-lstm-32", "imdb-lstm-28", "imdb-gru-28")
    _curves("plain", "One layer on 500 words", [(name, Job(name, "imdb")) for name in plain])


def commits() -> str:
    found = results().values()
    used = sorted({entry["commit"] for entry in found})
    hours = sum(entry["wall_seconds"] for entry in found) / 3600
    return f"{len(found)} trainings, {hours:.1f} hours in all, at {', '.join(used)}."


def main() -> None:
    made = (reviews, plateau, overfitting, directions, optimizers, commits)
    text = PAGE.read_text("utf-8")
    for part in made:
        name = part.__name__
        pattern = rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)"
        content = part()
        text, n_found = re.subn(
            pattern, lambda match, c=content: f"{match[1]}{c}\n{match[2]}", text, flags=re.DOTALL
        )
        if n_found != 1:
            raise SystemExit(f"{PAGE}: expected one place for {name}, found {n_found}")
    PAGE.write_text(text, "utf-8")
    pictures()
    print(json.dumps({"jobs": len(results())}))


if __name__ == "__main__":
    main()
