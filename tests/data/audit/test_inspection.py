"""The audit as a whole: the real files and their traps, and corpora that are hardly any."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from search.data.audit.doubles import find_doubles
from search.data.audit.finding import LIMITS, Audit, Finding
from search.data.audit.inspection import audit_corpus
from search.data.audit.texts import find_in_texts
from search.data.corpus import Corpus, open_corpus
from search.data.split.repeats import Repeats

from .corpora import different_texts, make


@cache
def audited(path: Path) -> Audit:
    return audit_corpus(open_corpus(str(path)))


def by_kind(found: Audit) -> dict[str, Finding]:
    return {finding.kind: finding for finding in found.findings}


def counts(found: Audit) -> dict[str, int]:
    return {finding.kind: finding.count for finding in found.found}


def read(texts: list[str], labels: list[object]) -> Corpus:
    return Corpus.from_lists(texts, labels)


def test_findings_stand_in_the_order_of_the_limits_each_once() -> None:
    corpus = read(different_texts(40), ["a, b", "b, c"] * 20)
    kinds = [finding.kind for finding in audit_corpus(corpus).findings]
    assert kinds == [kind for kind in LIMITS if kind != "repeats_across_split"]


def test_generated_corpus_has_no_file_to_ask() -> None:
    kinds = by_kind(audit_corpus(make(["a b c", "d e f"])))
    assert not {"rows_without_text", "labels_explained", "multiline_fields"} & set(kinds)


def test_one_repeated_text_is_told_with_its_floor() -> None:
    corpus = read(["the same text again"] * 40, ["a, b", "b"] * 20)
    found = audit_corpus(corpus)
    assert counts(found)["exact_repeats"] == 39
    assert counts(found)["conflicting_repeats"] == 40
    # Label a is on half of the equal texts and costs ln 2 there, b costs nothing.
    assert found.forced_loss == pytest.approx(np.log(2) / 2)
    assert {"exact_repeats", "conflicting_repeats"} <= {
        finding.kind for finding in found.beyond_limits
    }


def test_equal_label_sets_are_constant_labels_that_come_together() -> None:
    found = counts(audit_corpus(read(different_texts(40), [["a", "b"]] * 40)))
    assert found == {"constant_labels": 2, "labels_together": 2}


def test_a_thousand_labels_of_one_row_each_are_rare() -> None:
    labels: list[object] = [f"kind, l{i}" if i < 1_000 else "kind" for i in range(2_100)]
    found = counts(audit_corpus(read([f"w{i} x{i} y{i}" for i in range(2_100)], labels)))
    assert found == {"rare_labels": 1_000, "constant_labels": 1}


def test_empty_corpus_is_a_programmers_mistake() -> None:
    with pytest.raises(ValueError, match="empty corpus cannot be audited"):
        audit_corpus(make([]))


def test_netflix_traps_are_reported(real_data: Path) -> None:
    found = by_kind(audited(real_data / "netflix_titles.csv"))
    assert found["exact_repeats"].count == 32
    assert "73 labels of the 42" in found["blanks_at_separators"].sentence
    assert found["multiline_fields"].count == 1
    assert found["rare_labels"].count == 1
    film, series = found["labels_apart"].examples[1], found["labels_apart"].examples[0]
    assert "Dramas" in film
    assert "TV Dramas" in series
    names = [part.label for part in found["labels_explained"].by_label]
    assert "International Movies by 'country'" in names
    assert audited(real_data / "netflix_titles.csv").beyond_limits == ()


def test_imdb_movies_name_few_of_their_labels(real_data: Path) -> None:
    found = by_kind(audited(real_data / "IMDB-Movie-Data.csv"))
    # 5.6 % by the bare names; "wars", "sports" and the like bring the rest.
    assert found["own_label_named"].share == pytest.approx(0.066, abs=0.0005)
    assert found["rare_labels"].count == 5


def test_wikipedia_leads_leak(real_data: Path) -> None:
    found = audited(real_data / "wikipedia_movies.jsonl.gz")
    kinds = by_kind(found)
    assert found.leaks
    assert [finding.kind for finding in found.beyond_limits] == ["own_label_named"]
    assert kinds["own_label_named"].share == pytest.approx(0.935, abs=0.001)
    assert kinds["rows_without_text"].count + kinds["rows_without_label"].count == 2_007
    assert kinds["exact_repeats"].count == 255


def test_masked_leads_leak_no_more(real_data: Path) -> None:
    corpus = open_corpus(real_data / "IMDB-Movie-Data.csv", mask_label_names=True)
    found = by_kind(audit_corpus(corpus))
    assert found["own_label_named"].count == 0


def test_rt_polarity_is_clean(real_data: Path) -> None:
    found = audited(real_data / "rt_polarity.csv")
    assert set(counts(found)) == {"near_repeats", "short_texts", "markup"}
    assert found.beyond_limits == ()


def test_imdb_reviews_tell_markup_and_repeats_across_the_split(real_data: Path) -> None:
    corpus = open_corpus(str(real_data / "imdb_reviews.jsonl.gz"))
    # The near repeats of 50,000 reviews would take half a minute, and are not asked for here.
    plain = [" ".join(text.casefold().split()) for text in corpus.texts]
    exact, _ = pd.factorize(np.array(plain, dtype=object))
    repeats = Repeats(exact=exact.astype(np.int64), near=exact.astype(np.int64))
    doubles = find_doubles(corpus, repeats, 0.0)
    across = next(found for found in doubles if found.kind == "repeats_across_split")
    assert (across.count, across.total, across.is_beyond_limit) == (123, 25_000, False)
    found = {finding.kind: finding for finding in find_in_texts(corpus.texts, corpus.tokens)}
    assert found["markup"].share == pytest.approx(0.584, abs=0.001)
    # Of the 1,573 raw texts seven have theirs at the end, where reading strips them as blanks.
    assert found["control_characters"].count == 1_566
