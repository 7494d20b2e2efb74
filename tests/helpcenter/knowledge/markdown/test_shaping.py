"""Texts become the blocks that editors would have chosen."""

from pathlib import Path

from helpcenter.knowledge.markdown.document import read_document
from helpcenter.knowledge.markdown.folder import SourceFolder
from helpcenter.knowledge.markdown.shaping import shape_troubleshooting, shape_tutorial
from helpcenter.knowledge.markdown.targets import Targets
from tests.helpcenter.knowledge.markdown.writing_files import PIXEL, blocks_from, read_one, write_files


def test_list_with_more_than_text_becomes_steps(tmp_path: Path) -> None:
    blocks = blocks_from(tmp_path, "# T\n\n1. One.\n\n   ```sql\n   x\n   ```\n\n2. **Two**\n\n   Words.\n")
    steps = [item["value"] for item in blocks[0]["value"]]
    assert blocks[0]["type"] == "steps"
    assert [step["title"] for step in steps] == ["", "Two"]
    assert [block["type"] for block in steps[0]["body"]] == ["text", "code"]


def test_plain_list_stays_text(tmp_path: Path) -> None:
    assert blocks_from(tmp_path, "# T\n\n1. One.\n2. Two.\n   - a\n") == [
        {"type": "text", "value": "<ol><li>One.</li><li>Two.<ul><li>a</li></ul></li></ol>"}
    ]


def test_numbered_list_cut_by_a_note_is_one(tmp_path: Path) -> None:
    blocks = blocks_from(tmp_path, "# T\n\n1. One.\n\n> [!NOTE]\n> Mind.\n\n2. Two.\n")
    assert [block["type"] for block in blocks] == ["steps"]
    assert [[b["type"] for b in item["value"]["body"]] for item in blocks[0]["value"]] == [
        ["text", "callout"],
        ["text"],
    ]


def test_headings_have_no_gap_and_keep_their_anchors(tmp_path: Path) -> None:
    blocks = blocks_from(tmp_path, "# T\n\n#### A\n\n#### B {#bee}\n\n## C & D\n")
    found = [(b["value"]["text"], b["value"]["level"], b["value"]["anchor"]) for b in blocks]
    assert found == [("A", "2", ""), ("B", "2", "bee"), ("C & D", "2", "c--d")]


def test_missing_image_leaves_its_description(tmp_path: Path) -> None:
    assert blocks_from(tmp_path, "# T\n\n![The payslip](gone.png)\n") == [
        {"type": "text", "value": "<p><i>The payslip</i></p>"}
    ]


def test_missing_image_in_the_middle_of_a_sentence_leaves_its_description_there(tmp_path: Path) -> None:
    lines = "# T\n\nTyped signs become\n![smile](gone.png)\nor\n![frown](gone.png)\n\nBefore.\n![End](gone.png)\n"
    assert blocks_from(tmp_path, lines) == [
        {
            "type": "text",
            "value": "<p>Typed signs become <i>smile</i> or</p><p><i>frown</i></p><p>Before.</p><p><i>End</i></p>",
        }
    ]


def test_sign_within_a_sentence_is_named(tmp_path: Path) -> None:
    blocks = blocks_from(tmp_path, '# T\n\nChoose the ![Lamp.](a.png "Tell me") sign.\n', a__png=PIXEL)
    assert blocks == [{"type": "text", "value": "<p>Choose the <i>Tell me</i> sign.</p>"}]


def test_nested_and_unclosed_html_keeps_every_word(tmp_path: Path) -> None:
    html = "# T\n\n<table><tr><td rowspan=2>a<td><ul><li>b<li>c</ul><tr><td>d</table><p>e<p>f</br>g\n"
    blocks = blocks_from(tmp_path, html)
    assert blocks[0]["value"]["rows"] == [
        {"values": ["<p>a</p>", "<p>• b<br/>• c</p>"]},
        {"values": ["", "<p>d</p>"]},
    ]
    assert blocks[1]["value"] == "<p>e</p><p>f<br/>g</p>"


def test_pictures_stay_in_their_cells(tmp_path: Path) -> None:
    signs = '| ![Check mark](a.png "check") |\n| ![Gone](gone.png) | |\n'
    rows = '| One.<br>![A "lamp" & it\'s lit](a.png "Bright")<br>Two. ' + signs
    blocks = blocks_from(tmp_path, f"# T\n\n| A | ![Head](a.png) |\n|---|---|\n{rows}", a__png=PIXEL)
    picture = '<embed embedtype="image" format="cell" id="1" alt="{}"/>'.format
    lamp = picture("A &quot;lamp&quot; &amp; it's lit")
    assert [column["heading"] for column in blocks[0]["value"]["columns"]] == ["A", ""]
    assert [row["values"] for row in blocks[0]["value"]["rows"]] == [
        ["", picture("Head")],
        [f"<p>One.</p>{lamp}<p><i>Bright</i><br/>Two.</p>", picture("Check mark")],
        ["<p><i>Gone</i></p>", ""],
    ]
    assert len(blocks) == 1


def test_a_tick_with_a_remark_stays_a_tick(tmp_path: Path) -> None:
    rows = "| ![a checkmark.](a.png) (in your **own** workspace) | Press ![Lamp](a.png) |\n"
    blocks = blocks_from(tmp_path, f"# T\n\n| A | B |\n|---|---|\n{rows}", a__png=PIXEL)
    picture = '<embed embedtype="image" format="cell" id="1" alt="a checkmark."/>'
    row = blocks[0]["value"]["rows"][0]["values"]
    assert row == [f"{picture}<p>(in your <b>own</b> workspace)</p>", "<p>Press <i>Lamp</i></p>"]


def test_tutorial_is_cut_into_steps(tmp_path: Path) -> None:
    document = read_one(
        tmp_path, "---\ntype: tutorial\n---\n# T\n\nIntro.\n\n## One\n\nA.\n\n### Sub\n\n## Two\n\nB.\n"
    )
    body, steps = shape_tutorial(document.nodes, Targets())
    assert body == [{"type": "text", "value": "<p>Intro.</p>"}]
    assert [step["value"]["title"] for step in steps] == ["One", "Two"]
    assert steps[0]["value"]["body"] == [{"type": "text", "value": "<p>A.</p><p><b>Sub</b></p>"}]


def test_troubleshooter_is_a_walk_through_questions(tmp_path: Path) -> None:
    text = "# T\n\nIntro.\n\n## Red? {#red}\n\nLook.\n\n- [Yes](#fix)\n- [No](other.md)\n\n## Fix it {#fix}\n\nDo.\n"
    root = write_files(tmp_path, {"page.md": text, "other.md": "# Other"})
    document = read_document(SourceFolder.scan(root), "page.md")
    _body, nodes = shape_troubleshooting(document.nodes, Targets(pages={"other.md": 7}))
    assert [node["value"]["key"] for node in nodes] == ["red", "fix"]
    assert [item["value"] for item in nodes[0]["value"]["answers"]] == [
        {"label": "Yes", "goto": "fix", "page": None},
        {"label": "No", "goto": "", "page": 7},
    ]
    assert nodes[1]["value"]["answers"] == []


def test_answer_that_leads_nowhere_stays_text_with_a_warning(tmp_path: Path) -> None:
    document = read_one(tmp_path, "# T\n\n## Red? {#red}\n\n- [Yes](#gone)\n")
    targets = Targets()
    _body, nodes = shape_troubleshooting(document.nodes, targets)
    assert nodes[0]["value"]["answers"] == []
    assert "#gone" in targets.warnings[0]
    assert nodes[0]["value"]["body"][0]["value"] == '<ul><li><a href="#gone">Yes</a></li></ul>'
