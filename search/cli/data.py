"""The commands `genre-search data`: look at a corpus before a search.

Owns options and printing; what a corpus holds is found out in the room `data`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .downloads import downloads
from .options import column_options, format_option, switch

# Only annotations need it: at run time it would load numpy before `--help` is printed.
if TYPE_CHECKING:
    from ..data.audit import Audit
    from ..data.corpus import Corpus
    from ..data.describe import Description

_LABELS_SHOWN = 50
_LABELS_A_FINDING = 10


@click.group()
def data() -> None:
    """Look at the data before a search.

    Data are files, or corpora with a name: "synopses" (generated film synopses), "imdb" (reviews)
    and "wikipedia-movies" (leads of articles on films). The latter two are fetched once and kept
    in a cache folder, or in $GENRE_SEARCH_CACHE; $GENRE_SEARCH_MIRROR names another address to
    fetch them from.

    \b
    Example:
        genre-search data describe netflix_titles.csv
        genre-search data audit netflix_titles.csv
        genre-search data describe imdb
    """  # noqa: D301 - click wants the character \b, which keeps the lines below it apart


@data.command()
@click.argument("path_or_name")
@column_options
@format_option("json", help_text="How to print the description.")
def describe(
    path_or_name: str,
    text_column: str | None,
    label_column: str | None,
    label_separator: str | None,
    output_format: str,
) -> None:
    """Describe a corpus: labels, text lengths, loss to beat.

    PATH_OR_NAME is a CSV, TSV, JSON, JSON lines or Parquet file (the text formats also with .gz),
    an .npz like Keras's imdb.npz, or a named corpus: "synopses", which is generated, "imdb" or
    "wikipedia-movies", which are fetched once.

    \b
    Example:
        genre-search data describe netflix_titles.csv
        genre-search data describe movies.csv --label-column genre --label-separator "|"
        genre-search data describe imdb --format json
    """  # noqa: D301 - click wants the character \b, which keeps the lines below it apart
    import json

    from ..data.describe import describe as describe_corpus

    corpus = _open(path_or_name, text_column, label_column, label_separator)
    description = describe_corpus(corpus)
    if output_format == "json":
        click.echo(json.dumps(description.to_dict(), indent=2, ensure_ascii=False))
        return
    _print_tables(description)
    for note in description.notes:
        click.echo(f"note: {note}", err=True)


@data.command()
@click.argument("path_or_name")
@column_options
@switch("--mask-label-names", "Audit the texts with the names of their labels taken out.")
@format_option("json", help_text="How to print the audit.")
def audit(
    path_or_name: str,
    text_column: str | None,
    label_column: str | None,
    label_separator: str | None,
    mask_label_names: bool,
    output_format: str,
) -> None:
    """Audit a corpus: repeats, leaks, labels and texts that make its numbers lie.

    PATH_OR_NAME is a CSV, TSV, JSON, JSON lines or Parquet file (the text formats also with .gz),
    an .npz like Keras's imdb.npz, or a named corpus: "synopses", which is generated, "imdb" or
    "wikipedia-movies", which are fetched once. Findings are no error: the exit code is 0 with
    them too.

    \b
    Example:
        genre-search data audit netflix_titles.csv
        genre-search data audit movies.csv --label-column genre --format json
        genre-search data audit wikipedia-movies --mask-label-names yes
    """  # noqa: D301 - click wants the character \b, which keeps the lines below it apart
    import json

    from ..data.audit import audit as audit_corpus
    from ..data.masking import mask_label_names as masked

    corpus = _open(path_or_name, text_column, label_column, label_separator)
    corpus = masked(corpus) if mask_label_names else corpus
    found = audit_corpus(corpus)
    if output_format == "json":
        click.echo(json.dumps(found.to_dict(), indent=2, ensure_ascii=False))
        return
    _print_audit(found)
    for note in corpus.notes:
        click.echo(f"note: {note}", err=True)


def _open(
    path_or_name: str,
    text_column: str | None,
    label_column: str | None,
    label_separator: str | None,
) -> Corpus:
    """Open a corpus, showing what is fetched for it."""
    from ..data.open import open_corpus

    with downloads() as progress:
        return open_corpus(
            path_or_name,
            text_column=text_column,
            label_column=label_column,
            label_separator=label_separator,
            progress=progress,
        )


def _print_audit(found: Audit) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    findings = Table("finding", "in words", box=box.SIMPLE)
    for name in ("share", "limit"):
        findings.add_column(name, justify="right", no_wrap=True)
    for finding in found.met:
        limit = "" if finding.limit is None else _word_share(finding.limit)
        told = "\n".join([finding.told, *(f"- {example}" for example in finding.examples[:1])])
        findings.add_row(finding.kind, Text(told), _word_share(finding.share), limit)
    console.print(findings)
    labels = Table("finding", "label", box=box.SIMPLE)
    for name in ("texts", "share"):
        labels.add_column(name, justify="right", no_wrap=True)
    for finding in found.met:
        for part in finding.by_label[:_LABELS_A_FINDING]:
            row = (f"{part.count:,}", _word_share(part.share))
            labels.add_row(finding.kind, Text(part.label), *row)
        n_hidden = len(finding.by_label) - _LABELS_A_FINDING
        if n_hidden > 0:
            labels.add_row(finding.kind, f"and {n_hidden:,} more; --format json lists all")
    if labels.row_count:
        console.print(labels)
    console.print(Text(_word_verdict(found)))


def _word_verdict(found: Audit) -> str:
    """Word what follows from an audit."""
    absent = [finding.kind for finding in found.findings if not finding.count]
    lines = [f"looked for and not met: {', '.join(absent)}"] if absent else []
    beyond = [finding.kind for finding in found.beyond_limits]
    lines.append(f"beyond the limits of a strict search: {', '.join(beyond) or 'nothing'}")
    if found.leaks:
        lines.append(
            "the data leak: texts name their own labels; --mask-label-names yes takes the names out"
        )
    return "\n".join(lines)


def _print_tables(description: Description) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    facts = Table(box=None, show_header=False, padding=(0, 2))
    for name, value in _list_facts(description):
        facts.add_row(name, Text(value))
    console.print(facts)
    labels = Table("label", box=box.SIMPLE)
    labels.add_column("texts", justify="right")
    labels.add_column("share", justify="right")
    for label, count in description.label_counts[:_LABELS_SHOWN]:
        # A label may hold square brackets, which rich would read as markup.
        labels.add_row(Text(label), f"{count:,}", _word_share(count / description.rows))
    console.print(labels)
    n_hidden = len(description.label_counts) - _LABELS_SHOWN
    if n_hidden > 0:
        console.print(f"and {n_hidden:,} rarer labels; --format json lists all")


def _list_facts(description: Description) -> list[tuple[str, str]]:
    """Word the numbers of a description, one a line."""
    facts = [
        ("corpus", description.name),
        ("texts", f"{description.rows:,}"),
        *_list_task_facts(description),
        (
            "words a text",
            f"median {description.words_median:,.0f}, 95 % have at most "
            f"{description.words_p95:,.0f}, {description.words_min:,} to "
            f"{description.words_max:,}",
        ),
        (
            "loss without text",
            f"{description.prior_cross_entropy:.4f} nats, by predicting each label's share",
        ),
    ]
    if description.floor is not None:
        facts.append(("lowest loss", f"{description.floor:.4f} nats, known of generated data"))
    return [*facts, ("sha256", f"{description.sha256[:16]} (its first 16 characters)")]


def _list_task_facts(description: Description) -> list[tuple[str, str]]:
    rate = _word_share(description.positive_rate)
    if description.task == "binary":
        return [
            ("task", "binary: one of two classes, one output"),
            ("positive rate", f"{rate} of the texts"),
        ]
    return [
        ("task", f"multilabel: any of {description.n_labels} labels"),
        (
            "labels a text",
            f"mean {description.labels_a_row_mean:.2f}, "
            f"{description.labels_a_row_min} to {description.labels_a_row_max}",
        ),
        ("positive rate", f"{rate} of the pairs of a text and a label"),
    ]


def _word_share(share: float) -> str:
    return "< 0.1 %" if 0 < share < 0.0005 else f"{100 * share:.1f} %"
