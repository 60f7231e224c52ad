"""The page of an audit."""

from html.parser import HTMLParser

from search.data.audit.finding import Audit, Finding, LabelPart
from search.report.audit_page import LABELS_SHOWN, render_audit_page


class Page(HTMLParser):
    """Collects tags, links and words of a page, and checks that tags pair."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [str(value) for name, value in attrs if name in ("href", "src")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def audit(*findings: Finding) -> Audit:
    return Audit("my <films>", "ab" * 32, texts=1_000, labels=2, forced_loss=0, findings=findings)


LEAK = Finding(
    kind="own_label_named",
    count=935,
    total=1_000,
    sentence="935 texts name a label that they have",
    examples=("<script>alert('x')</script> & more",),
    by_label=(LabelPart("R&B <b>", 12, 0.5),),
)
NOTHING = Finding("markup", 0, 1_000, "0 texts hold HTML tags or entities")


def test_what_comes_from_the_data_is_escaped() -> None:
    page = render_audit_page(audit(LEAK))
    assert "<script" not in page
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; more" in page
    assert "R&amp;B &lt;b&gt;" in page
    assert "my &lt;films&gt;" in page


def test_page_needs_nothing_from_elsewhere() -> None:
    page = Page(render_audit_page(audit(LEAK, NOTHING)))
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert all(link.startswith("#") for link in page.links)


def test_a_leak_comes_first_with_its_remedy() -> None:
    words = " ".join(Page(render_audit_page(audit(LEAK))).words)
    assert "The data leak: texts name their own labels" in words
    assert "--mask-label-names yes" in words
    assert "strict search refuses these data: own label named ." in words
    assert "(93.50 % of 1,000)" in words


def test_a_check_that_found_nothing_is_in_the_table_only() -> None:
    words = " ".join(Page(render_audit_page(audit(NOTHING))).words)
    assert "markup 0 texts 0.00 % none" in words
    assert "0 texts hold" not in words
    assert "No finding exceeds the limits of a strict search" in words


def test_small_shares_are_not_rounded_to_zero_and_long_tables_are_cut() -> None:
    parts = tuple(LabelPart(f"l{i}", 1, 0.00001) for i in range(LABELS_SHOWN + 5))
    found = Finding("rare_labels", 105, 105, "105 labels are rare", (), parts)
    page = render_audit_page(audit(found))
    assert "&lt; 0.01 %" in page
    assert "and 5 more labels" in page
    assert f"l{LABELS_SHOWN}<" not in page
