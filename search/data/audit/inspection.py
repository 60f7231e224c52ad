"""Audit a corpus. Owns the list of checks; each stands in a module of its own."""

from ..corpus import Corpus
from ..file_facts import FileFacts
from ..split.repeats import Repeats, compute_forced_loss, find_repeats
from .doubles import find_doubles
from .finding import LIMITS, Audit, Finding, counted, few
from .labels import find_in_labels
from .naming import find_own_labels_named
from .texts import find_in_texts


def audit_corpus(corpus: Corpus, repeats: Repeats | None = None) -> Audit:
    """Run every check for what makes the numbers of a search on this corpus misleading.

    Checks that do not apply are left out: those of the file for a generated corpus, those of the
    sides without a given split, those of labels that come together for a single label.

    Args:
        corpus: with one text at least.
        repeats: which of its texts repeat others; None finds them.

    Raises:
        ValueError: the corpus has no texts.
    """
    if not corpus.texts:
        raise ValueError("an empty corpus cannot be audited")
    repeats = find_repeats(corpus.texts, corpus.tokens) if repeats is None else repeats
    forced = compute_forced_loss(repeats.exact, corpus.labels, corpus.task)
    findings = [
        find_own_labels_named(corpus),
        *find_doubles(corpus, repeats, forced),
        *find_in_labels(corpus),
        *find_in_texts(corpus.texts, corpus.tokens),
        *(_find_in_file(corpus.file_facts) if corpus.file_facts else ()),
    ]
    return Audit(
        name=corpus.name,
        sha256=corpus.sha256,
        texts=len(corpus.texts),
        labels=len(corpus.label_names),
        forced_loss=forced,
        findings=tuple(sorted(findings, key=lambda finding: list(LIMITS).index(finding.kind))),
    )


def _find_in_file(facts: FileFacts) -> list[Finding]:
    """Describe what the file held beside the texts."""
    n_broken = facts.multiline_fields
    unstripped, stripped = facts.labels_unstripped, facts.labels_stripped
    spans = counted(n_broken, "field of the file spans", "fields of the file span")
    example = few(filter(None, [facts.multiline_example]))
    findings = [
        _find_dropped("text", facts.textless, facts.rows),
        _find_dropped("label", facts.labelless, facts.rows),
        Finding("multiline_fields", n_broken, facts.fields, f"{spans} several lines", example),
    ]
    if unstripped is not None and stripped is not None:
        sentence = (
            "keeping the blanks at the separators would make "
            f"{unstripped:,} labels of the {stripped:,}"
        )
        more = unstripped - stripped
        findings.append(Finding("blanks_at_separators", more, unstripped, sentence))
    return findings


def _find_dropped(what: str, count: int, rows: int) -> Finding:
    dropped = counted(count, "row was", "rows were")
    return Finding(f"rows_without_{what}", count, rows, f"{dropped} dropped for want of a {what}")
