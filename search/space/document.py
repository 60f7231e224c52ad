"""YAML to plain values and back, stricter than PyYAML: nothing is dropped or guessed in silence.

Owns the part of YAML that space files use: mappings whose keys stand once, lists, and plain
scalars as YAML 1.2 reads them, so that `1e-3` is a number and `no` is a word (PyYAML 6 takes them
for text and false). No aliases and no tags. Knows nothing of what a space is.
"""

import json
import re
from typing import Any

import yaml

from .problem import Findings, Problem, Refused

_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
# Eighteen digits, else a float: int() refuses thousands of them, and nothing here needs more.
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.?[0-9]*)([eE][-+]?[0-9]+)?")
# JSON's escapes can write one without the other; no file could be written with it again.
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# What YAML forbids, or takes for the end of a line.
_UNWRITABLE = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def read_document(text: str) -> tuple[Any, list[Problem]]:
    """Read one YAML document into None, bool, int, float, str, list and dict with text keys.

    An empty document is None. Returns the value and a problem for each key that stands twice, of
    which the value has the first.

    Raises:
        Refused: not YAML, with line and column.
    """
    found = Findings()
    try:
        node = yaml.compose(text, _Loader)
        value = None if node is None else _value(node, "", found)
    except yaml.reader.ReaderError as error:
        where = _line_and_column(text, error.position)
        raise Refused([Problem(where, f"a character that YAML forbids: {error.reason}")]) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        told = ", ".join(filter(None, (error.context, error.problem)))
        raise Refused([Problem(where, f"is not YAML that is taken here: {told}")]) from error
    except (ValueError, OverflowError) as error:
        # PyYAML 6 lets these out for an escape such as "\\UFFFFFFFF", which is no character.
        text = f"is not YAML that is taken here: {error}"
        raise Refused([Problem("", text)]) from error
    except RecursionError as error:
        raise Refused([Problem("", "must not be nested so deeply")]) from error
    return value, found.problems


def write_value(value: Any) -> str:
    """Write a plain value on one line; `read_document` reads it back."""
    if isinstance(value, dict):
        entries = (f"{write_value(key)}: {write_value(entry)}" for key, entry in value.items())
        return f"{{{', '.join(entries)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(write_value, value))}]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    # JSON's scalars are YAML's, but not its escapes beyond ASCII, which are surrogate pairs.
    written = json.dumps(value, ensure_ascii=False)
    return _UNWRITABLE.sub(lambda character: f"\\u{ord(character[0]):04x}", written)


class _Loader(yaml.SafeLoader):
    """Composes nodes of plain text; `scalar` gives them their types."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        is_alias = isinstance(event, yaml.AliasEvent)
        if is_alias or event.anchor is not None or event.tag is not None:
            raise yaml.composer.ComposerError(
                None, None, "aliases, anchors and tags are not taken", event.start_mark
            )
        return super().compose_node(parent, index)


def _value(node: Any, path: str, found: Findings) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_value(entry, f"{path}[{i}]", found) for i, entry in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        if _SURROGATE.search(node.value):
            found.add(path, "must be characters, got half of a surrogate pair")
            return ""
        # Quoted and block scalars have a style; they are text whatever they look like.
        return node.value if node.style else scalar(node.value)
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key_node, entry in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            found.add(path, f"must have words as keys, got a list or mapping on line {line}")
            continue
        key = key_node.value
        if key in values:
            here = Problem(key, f"must stand once, got it on lines {lines[key]} and {line}")
            found.extend(path, [here])
            continue
        here_path = f"{path}.{key}" if path else key
        values[key], lines[key] = _value(entry, here_path, found), line
    return values


def scalar(text: str) -> bool | int | float | str | None:
    """Read a plain scalar as YAML 1.2 does: true, 3, 1e-3, a word, or None for nothing."""
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _line_and_column(text: str, position: int) -> str:
    before = text[:position]
    return f"line {before.count(chr(10)) + 1}, column {position - before.rfind(chr(10))}"
