"""What is exported comes back as the same blocks, whatever the text holds."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpcenter.knowledge.markdown.inline import ordered_marks, tidy
from helpcenter.knowledge.markdown.mending import mend, name_videos
from helpcenter.knowledge.markdown.nodes import (
    Callout,
    Code,
    Fold,
    Heading,
    Image,
    ListNode,
    Node,
    Paragraph,
    Rule,
    Span,
    Table,
    Video,
    plain,
)
from tests.helpcenter.knowledge.markdown.round_trip import TITLE, blocks_of, read_again, words_of, written

# One a line or two would fill two pages.
NASTY = [
    "*", "**", "_", "`", "``", "~~", "[", "](x)", "<b>", "</p>", "&amp;", "\\", "|", "#", "+ ", "- ", "1. ", "2) ",
    ">", "!", "{#a}", "{!x!}", "{next}", "{start_tabs}", "{{docs_base_url}}", ":::", "!!! tip", "://",
    "https://a.example/b_c", "www.a.example", "a@b.example", "---", "===", "~~~", "<!-- -->", "[!NOTE]", "$", "é", "한",
    "\u00a0", "“", "…", "'", '"', "import x from 'y'", "a_b", "C#", "=", "%", "^", "Table: ", "Note: ",
]  # fmt: skip
words = st.sampled_from(["word", "a", "B2", "end.", " ", "  ", "é", *NASTY])
text = st.lists(words, min_size=1, max_size=5).map("".join)
marks = st.sets(st.sampled_from(["b", "i", "s", "code", "sup", "sub"]), max_size=2).map(ordered_marks)
hrefs = st.sampled_from(["", "", "", "https://a.example/x_(y)", "page:p.md", "page:q.md#part", "file:f.pdf", "#here"])
spans = st.lists(st.one_of(st.builds(Span, text, marks, hrefs), st.just(Span("\n"))), min_size=1, max_size=5).map(tidy)
spans = spans.filter(plain)
line = text.map(lambda found: plain(tidy([Span(found)]))).filter(bool)
short = st.sampled_from(["", "A caption", "“Quoted” & 50 % | more", 'He said "no"', "a*b_c`d<e>"])
paragraphs = st.builds(Paragraph, spans)
images = st.builds(Image, st.just("image:i.png"), short, short)
codes = st.builds(
    Code, st.sampled_from(["x = 1", "```\nfence\n```", "a\n\n  b\n", "{next}\n:::"]), st.sampled_from(["", "sql"]),
    st.sampled_from(["", "A caption"]),
)  # fmt: skip
pictured = st.lists(st.one_of(paragraphs, images), max_size=3).map(tuple)
cells = st.one_of(paragraphs.map(lambda found: (found,)), st.just(()), pictured)
tables = st.builds(Table, st.tuples(short, short), st.lists(st.tuples(cells, cells), min_size=1, max_size=3).map(tuple))
videos = st.builds(Video, st.sampled_from(["https://v.example/w?v=a_b", "file:v.mp4"]), short)


def lists_of(node: st.SearchStrategy[Node]) -> st.SearchStrategy[ListNode]:
    """Lists whose items begin with a paragraph."""
    item = st.tuples(paragraphs, st.lists(node, max_size=2)).map(lambda found: (found[0], *found[1]))
    return st.builds(ListNode, st.booleans(), st.lists(item, min_size=1, max_size=3).map(tuple))


simple = st.one_of(paragraphs, images, codes, tables)
nested = st.one_of(simple, lists_of(paragraphs), lists_of(st.one_of(simple, lists_of(paragraphs))))
callouts = st.builds(
    Callout, st.sampled_from(["note", "caution"]), short, st.lists(nested, min_size=1, max_size=2).map(tuple)
)
folds = st.builds(Fold, line, st.lists(st.one_of(nested, callouts), min_size=1, max_size=2).map(tuple))
headings = st.builds(
    Heading, st.integers(1, 6), line.map(lambda found: (Span(found),)), st.sampled_from(["", "an-anchor", "A.b"])
)
bodies = st.lists(st.one_of(nested, callouts, folds, headings, videos, st.just(Rule())), min_size=1, max_size=5)


@settings(max_examples=250)
@given(bodies)
def test_blocks_come_back(body: list[Node]) -> None:
    blocks = blocks_of(name_videos(mend(tuple(body)), TITLE))
    canonical = read_again(written(blocks))
    assert words_of(canonical) == words_of(blocks)
    assert read_again(written(canonical)) == canonical


@settings(max_examples=400)
@given(spans)
def test_running_text_comes_back_to_the_letter(found: tuple[Span, ...]) -> None:
    assume({span.href for span in found} != {"file:f.pdf"})  # which would be a download
    blocks = blocks_of((Paragraph(found),))
    assert read_again(written(blocks)) == blocks
