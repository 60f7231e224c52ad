"""YAML to plain values and back, stricter than PyYAML: nothing is dropped or guessed silently.

Owns the part of YAML that space files use: mappings with unique keys, lists, and plain scalars as
YAML 1.2 defines them. So `1e-3` is a number and `no` is a word; PyYAML 6 reads them as text and
as false. Aliases and tags are refused. Knows nothing about spaces.
"""

import json
import re
from typing import Any

import yaml

from .problem import Problem, ProblemCollector

_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
# Longer numbers become floats, because int() refuses thousands of digits.
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.?[0-9]*)([eE][-+]?[0-9]+)?")
# JSON's escapes can write half of a surrogate pair, which no UTF-8 file can hold.
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Characters that YAML forbids or reads as the end of a line.
_UNWRITABLE = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def read_document(text: str) -> tuple[Any, list[Problem]]:
    """Read one YAML document into None, bool, int, float, str, list and dict with text keys.

    An empty document is None. Returns the value, and a problem for each repeated key, of which the
    value keeps the first entry. If the text is not YAML, the value is None, and the problem names
    line and column.
    """
    collector = ProblemCollector()
    where = ""
    try:
        node = yaml.compose(text, _Loader)
        value = None if node is None else _read_node(node, "", collector)
        return value, collector.problems
    except yaml.reader.ReaderError as error:
        where = _find_line_and_column(text, error.position)
        problem = f"a character that YAML forbids: {error.reason}"
    except yaml.MarkedYAMLError as error:
        if mark := error.problem_mark or error.context_mark:
            where = f"line {mark.line + 1}, column {mark.column + 1}"
        reason = ", ".join(filter(None, (error.context, error.problem)))
        problem = f"is not YAML that can be read here: {reason}"
    except (ValueError, OverflowError) as error:
        # PyYAML 6 raises these for an escape such as "\\UFFFFFFFF", which is not a character.
        problem = f"is not YAML that can be read here: {error}"
    except RecursionError:
        problem = "must not be nested so deeply"
    return None, [Problem(where, problem)]


def write_value(value: Any) -> str:
    """Write a plain value on one line; `read_document` reads it back."""
    if isinstance(value, dict):
        entries = (f"{write_value(key)}: {write_value(entry)}" for key, entry in value.items())
        return f"{{{', '.join(entries)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(write_value, value))}]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    # YAML reads the scalars of JSON, but not its escapes beyond ASCII, which are surrogate pairs.
    written = json.dumps(value, ensure_ascii=False)
    return _UNWRITABLE.sub(lambda character: f"\\u{ord(character[0]):04x}", written)


class _Loader(yaml.SafeLoader):
    """Composes nodes of plain text; `scalar` gives them their types."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        is_alias = isinstance(event, yaml.AliasEvent)
        if is_alias or event.anchor is not None or event.tag is not None:
            raise yaml.composer.ComposerError(
                None, None, "aliases, anchors and tags are not allowed", event.start_mark
            )
        return super().compose_node(parent, index)


def _read_node(node: Any, path: str, collector: ProblemCollector) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_read_node(entry, f"{path}[{i}]", collector) for i, entry in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        if _SURROGATE.search(node.value):
            collector.add(path, "must be characters, got half of a surrogate pair")
            return ""
        # Quoted and block scalars have a style; they are always text.
        return node.value if node.style else parse_scalar(node.value)
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key_node, entry in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            collector.add(path, f"must have text as keys, got a list or mapping on line {line}")
            continue
        key = key_node.value
        if key in values:
            here = Problem(key, f"must appear once, got it on lines {lines[key]} and {line}")
            collector.extend(path, [here])
            continue
        here_path = f"{path}.{key}" if path else key
        values[key], lines[key] = _read_node(entry, here_path, collector), line
    return values


def parse_scalar(text: str) -> bool | int | float | str | None:
    """Read a plain scalar as YAML 1.2 does: true, 3, 1e-3, a word, or None for nothing."""
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _find_line_and_column(text: str, position: int) -> str:
    before = text[:position]
    return f"line {before.count(chr(10)) + 1}, column {position - before.rfind(chr(10))}"
