"""Findings, their limits, and what an audit makes of them."""

import json

import pytest

from search.data.audit.finding import LIMITS, Audit, Finding, LabelPart, counted, cut, few


def finding(kind: str, count: int, total: int = 100) -> Finding:
    return Finding(kind=kind, count=count, total=total, sentence="so it is")


def audit(*findings: Finding) -> Audit:
    return Audit("tiny", "ab" * 32, texts=100, labels=2, forced_loss=0.5, findings=findings)


def test_share_at_the_limit_is_borne_and_above_it_is_not() -> None:
    assert not finding("own_label_named", 10).is_beyond_limit
    assert finding("own_label_named", 11).is_beyond_limit
    assert not finding("constant_labels", 0).is_beyond_limit
    assert finding("constant_labels", 1).is_beyond_limit
    assert not finding("markup", 100).is_beyond_limit


def test_nothing_of_nothing_is_no_share() -> None:
    assert finding("rows_without_text", 0, 0).share == 0.0


def test_only_own_labels_named_are_a_leak() -> None:
    assert audit(finding("own_label_named", 11)).leaks
    assert not audit(finding("own_label_named", 10), finding("exact_repeats", 90)).leaks


def test_audit_sorts_out_what_was_met_and_what_is_beyond_limits() -> None:
    none, some, many = finding("markup", 0), finding("short_texts", 5), finding("exact_repeats", 11)
    found = audit(none, some, many)
    assert found.found == (some, many)
    assert found.beyond_limits == (many,)


def test_json_has_shares_limits_and_reasons() -> None:
    part = LabelPart("Drama", 3, 0.5)
    found = audit(Finding("own_label_named", 20, 50, "so it is", ("x",), (part,)))
    written = json.loads(json.dumps(found.to_dict()))
    assert (written["leaks"], written["beyond_limits"]) == (True, ["own_label_named"])
    assert written["findings"] == [
        {
            **{"kind": "own_label_named", "count": 20, "total": 50, "unit": "texts"},
            **{"sentence": "so it is", "examples": ["x"], "share": 0.4, "limit": 0.1},
            "by_label": [{"label": "Drama", "count": 3, "share": 0.5}],
            "reason": LIMITS["own_label_named"].reason,
            "is_beyond_limit": True,
        }
    ]


def test_unknown_kind_is_a_programmers_mistake() -> None:
    with pytest.raises(ValueError, match=r"kind must be one of own_label_named, .* got 'leak'"):
        finding("leak", 1)


def test_every_limit_has_a_reason() -> None:
    assert all(limit.reason for limit in LIMITS.values())


def test_examples_are_few_and_short() -> None:
    assert cut(" a \n b ") == "a b"
    assert cut("x" * 100) == "x" * 100
    assert cut("x" * 101) == "x" * 99 + "…"
    assert few(iter("abcd")) == ("a", "b", "c")


def test_counts_agree_with_their_verbs() -> None:
    assert counted(1, "text has", "texts have") == "1 text has"
    assert counted(0, "text has", "texts have") == "0 texts have"
    assert counted(1_234, "text has", "texts have") == "1,234 texts have"
