"""The page of an audit, for a person. Owns its words and looks; measures nothing.

The page stands by itself: no script, no font, no picture from elsewhere.
"""

from jinja2 import Environment, StrictUndefined

from ..data.audit import LIMITS, Audit

LABELS_SHOWN = 100
"""The page lists this many labels of a finding; the JSON form has all."""

_TEMPLATE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Audit of {{ audit.name }}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b1f24; background: #fff; }
table { border-collapse: collapse; margin: .5rem 0 1rem; }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; vertical-align: top;
  border-bottom: 1px solid #d5dae0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.verdict { padding: .6rem 1rem; border-left: .3rem solid #2a7d46; background: #f0f7f2; }
.verdict.beyond { border-color: #b3261e; background: #fcf1f0; }
blockquote { margin: .3rem 0; padding-left: .8rem; border-left: .2rem solid #d5dae0;
  overflow-wrap: anywhere; }
code { font-size: .9em; } .quiet { color: #57606a; }
</style>
</head>
<body>
<h1>Audit of {{ audit.name }}</h1>
<p>{{ "{:,}".format(audit.texts) }} texts, {{ "{:,}".format(audit.labels) }}
{{ "label" if audit.labels == 1 else "labels" }};
<span class="quiet">sha256 <code>{{ audit.sha256[:16] }}</code></span></p>
{%- if audit.leaks %}
<p class="verdict beyond"><strong>The data leak:</strong> texts name their own labels, so that a low
loss is no skill. <code>--mask-label-names yes</code> takes the names out.</p>
{%- endif %}
{%- if audit.beyond_limits %}
<p class="verdict beyond">A strict search refuses these data:
{% for finding in audit.beyond_limits -%}
<a href="#{{ finding.kind }}">{{ finding.kind | words }}</a>{{ "." if loop.last else ", " }}
{%- endfor %}</p>
{%- else %}
<p class="verdict">Nothing is beyond the limits of a strict search.</p>
{%- endif %}
<table>
<tr><th>looked for</th><th class="number">met</th><th class="number">share</th>
<th class="number">limit</th></tr>
{%- for finding in audit.findings %}
<tr><td>{% if finding.count %}<a href="#{{ finding.kind }}">{{ finding.kind | words }}</a>
{%- else %}{{ finding.kind | words }}{% endif %}</td>
<td class="number">{{ "{:,}".format(finding.count) }} {{ finding.unit }}</td>
<td class="number">{{ finding.share | percent }}</td>
<td class="number">{{ "none" if finding.limit is none else finding.limit | percent }}</td></tr>
{%- endfor %}
</table>
{%- for finding in audit.met %}
<h2 id="{{ finding.kind }}">{{ finding.kind | words }}</h2>
<p{% if finding.is_beyond_limit %} class="verdict beyond"{% endif %}>{{ finding.told }}
({{ finding.share | percent }} of {{ "{:,}".format(finding.total) }}).</p>
<p class="quiet">
{{- "No limit" if finding.limit is none else "Limit " + (finding.limit | percent) }}:
{{ limits[finding.kind].reason }}.</p>
{%- for example in finding.examples %}
<blockquote>{{ example }}</blockquote>
{%- endfor %}
{%- if finding.by_label %}
<table>
<tr><th>label</th><th class="number">texts</th><th class="number">share</th></tr>
{%- for part in finding.by_label[:labels_shown] %}
<tr><td>{{ part.label }}</td><td class="number">{{ "{:,}".format(part.count) }}</td>
<td class="number">{{ part.share | percent }}</td></tr>
{%- endfor %}
</table>
{%- if finding.by_label | length > labels_shown %}
<p class="quiet">and {{ "{:,}".format(finding.by_label | length - labels_shown) }} more labels</p>
{%- endif %}
{%- endif %}
{%- endfor %}
</body>
</html>
"""


def audit_page(audit: Audit) -> str:
    """Write an audit as one HTML page.

    Everything that comes from the data is escaped. Findings with a count of 0 stand in the table
    alone, so that a reader sees what was looked for.
    """
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    environment.filters["percent"] = _percent
    environment.filters["words"] = _words
    template = environment.from_string(_TEMPLATE)
    return template.render(audit=audit, limits=LIMITS, labels_shown=LABELS_SHOWN)


def _percent(share: float) -> str:
    """Word a share; one too small for two places is told as such, not as nothing."""
    percent = 100 * share
    return "< 0.01 %" if 0 < percent < 0.01 else f"{percent:.2f} %"


def _words(kind: str) -> str:
    return kind.replace("_", " ")
