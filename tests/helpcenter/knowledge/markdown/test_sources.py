"""Files of any encoding, front matter of any kind, and nothing outside of the folder."""

from datetime import date
from pathlib import Path

import pytest

from helpcenter.knowledge.markdown.decoding import decode
from helpcenter.knowledge.markdown.errors import EmptySource, UnreadableSource
from helpcenter.knowledge.markdown.folder import SourceFolder
from helpcenter.knowledge.markdown.nodes import Heading, plain
from tests.helpcenter.knowledge.markdown.writing_files import blocks_from, read_one, write_files

TEXT = "Größe – 5 €\nnext"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16-le"),
        ("Plain words, long enough".encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-32"), "utf-32-le"),
        (TEXT.encode("cp1252"), "windows-1252"),
        (TEXT.replace("\n", "\r\n").encode(), "utf-8"),
    ],
)
def test_text_is_read_in_any_encoding(data: bytes, encoding: str) -> None:
    expected = "Plain words, long enough" if encoding == "utf-16-be" else TEXT
    assert decode(data) == (expected, encoding)


def test_no_byte_of_windows_1252_is_lost() -> None:
    text, _ = decode(bytes(range(32, 127)) + bytes(range(128, 256)))
    assert len(text) == 95 + 128


def test_nul_bytes_are_taken_away() -> None:
    assert decode(b"a\x00b\x0bc")[0] == "abc"


def test_every_field_is_read(tmp_path: Path) -> None:
    head = (
        "---  \ntitle: Pay\ntype: faq\nsummary: Short.\nproduct: ERP\naudience: [customers, 'product:erp']\n"
        "keywords: [a, b, a]\nowner: E@x.example\nreview_on: 2027-01-31\nminutes: 5\norder: 2\n---\nWords.\n"
    )
    meta = read_one(tmp_path, head).meta
    assert (meta.title, meta.kind, meta.summary, meta.product) == ("Pay", "faq", "Short.", "erp")
    assert (meta.audience, meta.keywords, meta.owner) == (("customers", "product:erp"), "a, b", "e@x.example")
    assert (meta.review_on, meta.minutes, meta.order) == (date(2027, 1, 31), 5, 2.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("---\ntitle: [a\n---\nWords.", "no valid YAML in line"),
        ("---\ntitle: a\nWords.", "not closed"),
        ("---\naudience: everybody\n---\nWords.", "“everybody” is not known"),
        ("---\nreview_on: 2026-13-45\n---\nWords.", "no valid YAML"),
    ],
)
def test_broken_front_matter_is_refused_in_words(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UnreadableSource, match=message):
        read_one(tmp_path, text)


def test_audience_of_another_system_is_not_ours(tmp_path: Path) -> None:
    document = read_one(tmp_path, "---\nms.topic: how-to\naudience: ITPro\n---\n# Title\n")
    assert document.meta.audience == ()
    assert document.warnings == ("The audience “itpro” is of another system and not used.",)


def test_unknown_type_becomes_an_article_with_a_warning(tmp_path: Path) -> None:
    document = read_one(tmp_path, "---\ntype: poem\n---\n# Title\n")
    assert document.meta.kind == ""
    assert document.warnings[0].startswith("The type “poem” is not known")


@pytest.mark.parametrize("text", ["", " \n\t\n", "---\n---\n", "<!-- only -->\n"])
def test_empty_file_is_told_apart(tmp_path: Path, text: str) -> None:
    with pytest.raises(EmptySource):
        read_one(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "titles", "headings"),
    [
        ("---\ntitle: Given\n---\n# Heading\n\n## One\n", ("Heading", "Given"), ["One"]),
        ("---\ntitle: Given | Docs\n---\n# Given\n\n# One\n", ("Given", "Given | Docs"), ["One"]),
        ("---\ntitle: Given\n---\n# Given!\n", ("Given", ""), []),
        ("---\ntitle: Given\nseo_title: Else\n---\nWords.\n", ("Given", "Else"), []),
        ("---\ntitle: Given\nseo_title: Else\n---\n# One\n", ("Given", "Else"), ["One"]),
        ("---\ntitle: Given\n---\n# One\n\n# Two\n", ("Given", ""), ["One", "Two"]),
        ("---\ntitle: Given\n---\nWords.\n\n# One\n", ("Given", ""), ["One"]),
        ("---\ntitle: Given\n---\n## One\n", ("Given", ""), ["One"]),
        ("---\ntitle: Given\n---\n# Given\n\n## given\n\n## Two\n", ("Given", ""), ["Two"]),
        ("# Given\n\n## Given\n\nWords.\n", ("Given", ""), []),
        ("# Given\n\nWords.\n\n## Given\n", ("Given", ""), ["Given"]),
        ("# Heading\n\nWords.\n", ("Heading", ""), []),
        ("Words.\n", ("Page", ""), []),
    ],
)
def test_page_has_one_title_for_readers(
    tmp_path: Path, text: str, titles: tuple[str, str], headings: list[str]
) -> None:
    document = read_one(tmp_path, text)
    assert (document.meta.title, document.meta.seo_title) == titles
    assert [plain(node.spans) for node in document.nodes if isinstance(node, Heading)] == headings


def test_script_goes_and_its_surroundings_stay(tmp_path: Path) -> None:
    text = "# T\n\nBefore <script>alert(1)</script><b onclick='x()'>bold</b> <a href='javascript:x()'>link</a> after.\n"
    assert blocks_from(tmp_path, text) == [{"type": "text", "value": "<p>Before <b>bold</b> link after.</p>"}]
    assert read_one(tmp_path, text).warnings[0].startswith("Scripts")


def test_placeholders_that_look_like_tags_are_shown(tmp_path: Path) -> None:
    blocks = blocks_from(tmp_path, "# T\n\nOpen https://<your name>.example now.\n")
    assert "&lt;your name&gt;" in blocks[0]["value"]


def test_long_summary_goes_on_in_the_text(tmp_path: Path) -> None:
    summary = "word " * 80
    document = read_one(tmp_path, f"---\ntitle: T\nsummary: {summary}\n---\nWords.\n")
    assert len(document.meta.summary) <= 300
    assert blocks_from(tmp_path, f"---\ntitle: T\nsummary: {summary}\n---\nWords.\n")[0]["value"] == (
        f"<p>{summary.strip()}</p><p>Words.</p>"
    )


def test_addresses_are_found_within_the_folder_only(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a/page.md": "# P", "a/other.md": "# O", "b/index.md": "# B", "img/X.png": b"x"}
    folder = SourceFolder.scan(write_files(tmp_path / "in", files))
    (tmp_path / "out.md").write_text("# Out")
    assert folder.find("a/page.md", "other.md#x") == "a/other.md"
    assert folder.find("a/page.md", "other.html") == "a/other.md"
    assert folder.find("a/page.md", "../b/") == "b/"
    assert folder.find("a/page.md", "/help/a/other") == "a/other.md"
    assert folder.find("a/page.md", "../../img/x.png") == "img/X.png"
    assert folder.find("a/page.md", "../../out.md") is None
    assert folder.find("a/page.md", "../../../../etc/passwd") is None


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("# Secret")
    root = write_files(tmp_path / "in", {"a.md": "# A"})
    (root / "b.md").symlink_to(tmp_path / "secret.md")
    folder = SourceFolder.scan(root)
    assert list(folder.files) == ["a.md"]
    assert folder.refused == {"b.md": "It is a link to a place outside of the folder."}
