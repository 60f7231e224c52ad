"""Audit a corpus. Owns which questions are asked; each is answered in a module of its own."""

from collections.abc import Sequence

from ..corpus import Corpus
from ..facts import FileFacts
from ..repeats import Repeats, find_repeats, forced_loss
from .doubles import find_doubles
from .finding import LIMITS, Audit, Finding, counted, few
from .labels import find_in_labels
from .naming import find_own_labels_named
from .texts import find_in_texts


def audit(corpus: Corpus, repeats: Repeats | None = None) -> Audit:
    """Look for all that makes the numbers of a search on this corpus lie.

    What cannot be asked is left out: the file of a generated corpus, the sides of one without a
    given split, the company of a single label.

    Args:
        corpus: with one text at least.
        repeats: which of its texts repeat others; None finds them.

    Raises:
        ValueError: the corpus has no texts.
    """
    if not corpus.texts:
        raise ValueError("an empty corpus cannot be audited")
    repeats = find_repeats(corpus.texts) if repeats is None else repeats
    forced = forced_loss(repeats.exact, corpus.labels)
    findings = [
        find_own_labels_named(corpus),
        *find_doubles(corpus, repeats, forced),
        *find_in_labels(corpus),
        *find_in_texts(corpus.texts),
        *(_find_in_file(corpus.met) if corpus.met else ()),
    ]
    return Audit(
        name=corpus.name,
        sha256=corpus.sha256,
        texts=len(corpus.texts),
        labels=len(corpus.label_names),
        forced_loss=forced,
        findings=tuple(sorted(findings, key=lambda finding: list(LIMITS).index(finding.kind))),
    )


def _find_in_file(met: FileFacts) -> Sequence[Finding]:
    """Word what reading met."""
    findings = [
        Finding(
            "rows_without_text", met.textless, met.rows, "rows", _dropped(met.textless, "text")
        ),
        Finding(
            "rows_without_label", met.labelless, met.rows, "rows", _dropped(met.labelless, "label")
        ),
        Finding(
            "multiline_fields",
            met.multiline_fields,
            met.fields,
            "fields",
            counted(met.multiline_fields, "field of the file spans", "fields of the file span")
            + " several lines",
            few(filter(None, [met.multiline_example])),
        ),
    ]
    if met.labels_unstripped is not None and met.labels_stripped is not None:
        more = met.labels_unstripped - met.labels_stripped
        findings.append(
            Finding(
                "blanks_at_separators",
                more,
                met.labels_unstripped,
                "labels",
                f"keeping the blanks at the separators would make {met.labels_unstripped:,} labels "
                f"of the {met.labels_stripped:,}",
            )
        )
    return findings


def _dropped(count: int, what: str) -> str:
    return f"{counted(count, 'row was', 'rows were')} dropped for want of a {what}"
