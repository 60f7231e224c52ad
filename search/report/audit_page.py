"""The page of an audit, for a person. Owns its words and looks; measures nothing.

Its template is `audit_page.html`. The page is one file: it loads no script, font or picture from
elsewhere.
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..data.audit.finding import LIMITS, Audit

LABELS_SHOWN = 100
"""Labels of a finding that the page lists; the JSON form has all."""


def render_audit_page(audit: Audit) -> str:
    """Write an audit as one HTML page.

    Everything that comes from the data is escaped. Findings with a count of 0 are in the table
    only, so that a reader sees everything that was checked.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["percent"] = _format_share
    template = environment.get_template("audit_page.html")
    return template.render(audit=audit, limits=LIMITS, labels_shown=LABELS_SHOWN)


def _format_share(share: float) -> str:
    """Write a share as a percentage; one that would round to zero is written as "< 0.01 %"."""
    percent = 100 * share
    return "< 0.01 %" if 0 < percent < 0.01 else f"{percent:.2f} %"
