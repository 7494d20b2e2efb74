"""Markup of other systems becomes the blocks that stand for it."""

from pathlib import Path
from typing import Any

import pytest

from tests.helpcenter.knowledge.markdown.writing_files import PIXEL, blocks_from, read_one

PARAGRAPH = {"type": "text", "value": "<p>Words.</p>"}


def callout(kind: str, text: str = "<p>Words.</p>", title: str = "") -> dict[str, object]:
    return {"type": "callout", "value": {"kind": kind, "title": title, "text": text}}


@pytest.mark.parametrize(
    ("source", "block"),
    [
        ("> [!NOTE]\n> Words.", callout("note")),
        ("> [!Caution]  \n> Words.", callout("caution")),
        ("> [!TIP] Words.", callout("tip")),
        ("> [!IMPORTANT] Rates change\n> Words.", callout("important", title="Rates change")),
        ("> [!WARNING]\n> **Mind this**\n>\n> Words.", callout("warning", title="Mind this")),
        ('!!! warn ""\n\n    Words.', callout("warning")),
        ('!!! keyboard_tip "Keys"\n\n    Words.', callout("tip", title="Keys")),
        (":::note\nWords.\n:::", callout("note")),
        (":::danger[Mind this]\nWords.\n:::", callout("caution", title="Mind this")),
        ("> Tip: Words.", callout("tip")),
        ("<div class=well>Note: Words.</div>", callout("note")),
        ("> [!div class=\"x\"]\n> Words.", PARAGRAPH),
        ("> Words.", PARAGRAPH),
        (":::row:::\n:::column:::\n    Words.\n:::column-end:::\n:::row-end:::", PARAGRAPH),
        ("Words.\n\n{next}", PARAGRAPH),
        ("Words.\n\n### Topics\n\n{index}", PARAGRAPH),
        ("<!-- Editors only --> Words.", PARAGRAPH),
        ("<!--> Not yet.\n\nNor this. -->\n\nWords.", PARAGRAPH),
        ("```\n{next}\n```", {"type": "code", "value": {"language": "", "code": "{next}", "caption": ""}}),
    ],
)  # fmt: skip
def test_markup_becomes_the_block_that_it_stands_for(tmp_path: Path, source: str, block: dict[str, object]) -> None:
    assert blocks_from(tmp_path, f"# Title\n\n{source}\n") == [block]


def test_docfx_video_becomes_a_video_named_by_the_heading(tmp_path: Path) -> None:
    video = blocks_from(tmp_path, "# Title\n\n## Watch\n\n> [!VIDEO https://www.youtube.com/embed/abc]\n")[1]
    assert video["value"] == {
        "title": "Watch", "url": "https://www.youtube.com/watch?v=abc", "file": None, "transcript": "",
    }  # fmt: skip


def test_docfx_image_and_include_are_resolved(tmp_path: Path) -> None:
    text = (
        "---\nms.topic: how-to\n---\n# Title\n\nUse [!INCLUDE [name](product.md)].\n\n"
        ':::image type="content" source="a.png" alt-text="Shot":::\n'
    )
    blocks = blocks_from(tmp_path, text, product__md="the *product*", a__png=b"x")
    assert [block["type"] for block in blocks] == ["text", "image"]
    assert blocks[0]["value"] == "<p>Use the <i>product</i>.</p>"
    assert blocks[1]["value"] == {"image": {"image": 1, "alt_text": "Shot", "decorative": False}, "caption": ""}


def test_missing_piece_leaves_its_name_and_a_warning(tmp_path: Path) -> None:
    document = read_one(tmp_path, "# Title\n\n{!short-name.md!}\n")
    assert document.warnings == ("The included piece short-name.md is missing; its name stands in its place.",)
    assert blocks_from(tmp_path, "# Title\n\n{!short-name.md!}\n") == [{"type": "text", "value": "<p>short name</p>"}]


def test_piece_outside_of_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret words")
    document = read_one(tmp_path / "in", "# Title\n\n{!../secret.md!} and {!../../etc/passwd!}\n")
    assert "secret words" not in repr(document.nodes)
    assert len(document.warnings) == 2


def test_tabs_become_an_accordion(tmp_path: Path) -> None:
    zulip = "# T\n\n{start_tabs}\n{tab|desktop-web}\n\n1. One.\n\n{tab|mobile}\n\nTwo.\n\n{end_tabs}\n"
    docfx = "# T\n\n### [Old](#tab/old)\n\nOne.\n\n### [New](#tab/new)\n\nTwo.\n\n---\n\nAfter.\n"
    docusaurus = '# T\n\n<Tabs>\n<TabItem value="a" label="Old">\n\nOne.\n\n</TabItem>\n</Tabs>\n'
    assert titles(blocks_from(tmp_path, zulip)[0]) == ["Desktop/Web", "Mobile"]
    assert titles(blocks_from(tmp_path, docfx)[0]) == ["Old", "New"]
    assert blocks_from(tmp_path, docfx)[1] == {"type": "text", "value": "<p>After.</p>"}
    assert titles(blocks_from(tmp_path, docusaurus)[0]) == ["Old"]


def titles(block: dict[str, Any]) -> list[str]:
    assert block["type"] == "accordion"
    return [item["value"]["title"] for item in block["value"]["items"]]


def test_heading_without_a_space_is_the_title_where_there_is_no_front_matter(tmp_path: Path) -> None:
    assert read_one(tmp_path, "#Change the language\n\n####Step 1\n\nWords.\n").meta.title == "Change the language"


def test_row_longer_than_its_header_keeps_its_cells(tmp_path: Path) -> None:
    table = blocks_from(tmp_path, "# T\n\n| a |\n| --- |\n| 1 | 2 |\n")[0]["value"]
    assert [column["heading"] for column in table["columns"]] == ["a", ""]
    assert table["rows"] == [{"values": ["<p>1</p>", "<p>2</p>"]}]


def test_alerts_that_touch_are_callouts_of_their_own(tmp_path: Path) -> None:
    assert blocks_from(tmp_path, "# T\n\n> [!NOTE]\n> Words.\n> [!TIP]\n> Words.\n") == [
        callout("note"),
        callout("tip"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "|A|B|\n|--|\n|one|two|",
        "|A|B\n|--|  |--\n|one|two",
        "|A|B|\n|--|--|--|\n|one|two|",
        "   |A|B|\n|--|--|\n|one|two|",
    ],
)
def test_table_with_wrong_delimiters_is_a_table(tmp_path: Path, source: str) -> None:
    (table,) = blocks_from(tmp_path, f"# T\n\n{source}\n")
    assert [column["heading"] for column in table["value"]["columns"]] == ["A", "B"]
    assert [row["values"] for row in table["value"]["rows"]] == [["<p>one</p>", "<p>two</p>"]]


def test_table_goes_on_within_its_list(tmp_path: Path) -> None:
    steps, *rest = blocks_from(tmp_path, "# T\n\n1. One:\n\n   |A|B|\n|--|--|\n|one|two|\n2. Two\n")
    assert rest == []
    assert [block["type"] for block in steps["value"][0]["value"]["body"]] == ["text", "table"]


def test_image_with_spaces_in_its_name_is_found(tmp_path: Path) -> None:
    (image,) = blocks_from(tmp_path, "# T\n\n![A lamp](a lamp.png)\n", **{"a lamp__png": PIXEL})
    assert image["value"]["image"]["alt_text"] == "A lamp"


def test_bold_of_an_older_markdown_is_bold(tmp_path: Path) -> None:
    text = "# T\n\n**Answer:**Use **this **word, a ** b ** c.\n"
    assert blocks_from(tmp_path, text) == [
        {"type": "text", "value": "<p><b>Answer:</b>Use <b>this</b> word, a ** b ** c.</p>"}
    ]
