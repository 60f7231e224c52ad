"""The commands `genre-search data`: look at a corpus before a search.

Owns options and printing; the room `data` measures what a corpus holds.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from .combination import combine, switch
from .downloads import downloads
from .options import format_option
from .reading_options import reading_options
from .tables import print_table
from .ui import say

# Only annotations need them: at run time they would load numpy before `--help` is printed.
if TYPE_CHECKING:
    from ..data.audit.finding import Audit, Finding
    from ..data.corpus import Corpus
    from ..data.description import Description

_LABELS_SHOWN = 50
_LABELS_A_FINDING = 10

_corpus_options = combine(click.argument("path_or_name"), reading_options)


@click.group()
def data() -> None:
    """Look at the data before a search.

    Data are files, or corpora with a name: "synopses" (generated film synopses), "imdb" (reviews)
    and "wikipedia-movies" (leads of articles on films). The latter two are downloaded once and
    kept in a cache folder, or in $GENRE_SEARCH_CACHE; $GENRE_SEARCH_MIRROR names another address
    to download them from.

    \b
    Example:
        genre-search data describe netflix_titles.csv
        genre-search data audit netflix_titles.csv
        genre-search data describe imdb
    """


@data.command()
@_corpus_options
@format_option("json", help_text="How to print the description.")
def describe(output_format: str, **options: Any) -> None:
    """Describe a corpus: labels, text lengths, loss to beat.

    PATH_OR_NAME is a CSV, TSV, JSON, Excel or Parquet file, also compressed, or a named corpus:
    "synopses", which is generated, "imdb" or "wikipedia-movies", which are downloaded once.

    \b
    Example:
        genre-search data describe netflix_titles.csv
        genre-search data describe movies.csv --label-column genre --label-separator "|"
        genre-search data describe imdb --format json
    """
    from ..data.description import describe_corpus

    _examine(describe_corpus, _print_description, output_format, options)


@data.command()
@_corpus_options
@switch("--mask-label-names", "Audit the texts with the names of their labels removed.")
@format_option("json", help_text="How to print the audit.")
def audit(output_format: str, **options: Any) -> None:
    """Audit a corpus: repeats, leaks, labels and texts that make its numbers lie.

    PATH_OR_NAME is a CSV, TSV, JSON, Excel or Parquet file, also compressed, or a named corpus:
    "synopses", which is generated, "imdb" or "wikipedia-movies", which are downloaded once.
    Findings are not errors: the exit code is 0 with them too.

    \b
    Example:
        genre-search data audit netflix_titles.csv
        genre-search data audit movies.csv --label-column genre --format json
        genre-search data audit wikipedia-movies --mask-label-names yes
    """
    from ..data.audit.inspection import audit_corpus

    _examine(audit_corpus, _print_audit, output_format, options)


def _examine(
    examine: Callable[[Corpus], Any],
    show: Callable[[Any], None],
    output_format: str,
    options: dict[str, Any],
) -> None:
    """Open a corpus, showing the progress of its downloads, and print what an examination finds."""
    from ..data.corpus import open_corpus

    with downloads() as progress:
        corpus = open_corpus(**options, progress=progress)
    found = examine(corpus)
    if output_format == "json":
        click.echo(json.dumps(found.to_dict(), indent=2, ensure_ascii=False))
        return
    show(found)
    for note in corpus.notes:
        say(f"note: {note}")


def _print_audit(audit: Audit) -> None:
    findings = [
        (
            finding.kind,
            "\n".join([finding.sentence, *(f"- {example}" for example in finding.examples[:1])]),
            _format_share(finding.share),
            "" if finding.limit is None else _format_share(finding.limit),
        )
        for finding in audit.found
    ]
    print_table(("finding", "in words", "share", "limit"), findings, numbers=("share", "limit"))
    labels = [row for finding in audit.found for row in _list_labels(finding)]
    if labels:
        click.echo()
        print_table(("finding", "label", "texts", "share"), labels, numbers=("texts", "share"))
    click.echo(f"\n{_describe_verdict(audit)}")


def _list_labels(finding: Finding) -> list[tuple[str, str, str, str]]:
    """List the labels of a finding as rows of a table, the worst first."""
    rows = [
        (finding.kind, part.label, f"{part.count:,}", _format_share(part.share))
        for part in finding.by_label[:_LABELS_A_FINDING]
    ]
    n_hidden = len(finding.by_label) - _LABELS_A_FINDING
    if n_hidden > 0:
        rows.append((finding.kind, f"and {n_hidden:,} more; --format json lists all", "", ""))
    return rows


def _describe_verdict(audit: Audit) -> str:
    """Say what follows from an audit."""
    absent = [finding.kind for finding in audit.findings if not finding.count]
    lines = [f"not found: {', '.join(absent)}"] if absent else []
    beyond = [finding.kind for finding in audit.beyond_limits]
    lines.append(f"beyond the limits of a strict search: {', '.join(beyond) or 'nothing'}")
    if audit.leaks:
        lines.append(
            "the data leak: texts name their own labels; --mask-label-names yes takes the names out"
        )
    return "\n".join(lines)


def _print_description(description: Description) -> None:
    print_table(("fact", "value"), _list_facts(description).items())
    click.echo()
    counts = description.label_counts
    rows = [
        (label, f"{count:,}", _format_share(count / description.rows))
        for label, count in counts[:_LABELS_SHOWN]
    ]
    print_table(("label", "texts", "share"), rows, numbers=("texts", "share"))
    n_hidden = len(counts) - _LABELS_SHOWN
    if n_hidden > 0:
        click.echo(f"and {n_hidden:,} rarer labels; --format json lists all")


def _list_facts(description: Description) -> dict[str, str]:
    """Write the numbers of a description in words."""
    d, rate = description, _format_share(description.positive_rate)
    lines = {"corpus": d.name, "texts": f"{d.rows:,}"}
    if d.task == "binary":
        lines["task"] = "binary: one of two classes, one output"
        lines["positive rate"] = f"{rate} of the texts"
    elif d.task == "multiclass":
        lines["task"] = f"multiclass: one of {d.n_labels} classes for each text"
    else:
        spread = f"{d.labels_a_row_min} to {d.labels_a_row_max}"
        lines["task"] = f"multilabel: any of {d.n_labels} labels"
        lines["labels a text"] = f"mean {d.labels_a_row_mean:.2f}, {spread}"
        lines["positive rate"] = f"{rate} of the pairs of a text and a label"
    lines["words a text"] = (
        f"median {d.words_median:,.0f}, 95 % have at most {d.words_p95:,.0f}, "
        f"{d.words_min:,} to {d.words_max:,}"
    )
    prior_loss = f"{d.prior_cross_entropy:.4f} nats"
    unit, kind = (" a text", "class") if d.task == "multiclass" else ("", "label")
    lines["loss without text"] = f"{prior_loss}{unit}, by predicting each {kind}'s share"
    if d.floor is not None:
        lines["lowest loss"] = f"{d.floor:.4f} nats, known of generated data"
    lines["sha256"] = f"{d.sha256[:16]} (its first 16 characters)"
    return lines


def _format_share(share: float) -> str:
    return "< 0.1 %" if 0 < share < 0.0005 else f"{100 * share:.1f} %"
