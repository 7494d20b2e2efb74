"""Bad files are named with a sentence each; the good ones beside them are taken, and nothing is half written."""

import zlib
from pathlib import Path

import pytest
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from helpcenter.knowledge.models import HelpDocument, HelpPage
from tests.helpcenter.knowledge.importing.commands import Files, counted, import_files, import_help, page
from tests.helpcenter.knowledge.markdown.writing_files import PIXEL

pytestmark = pytest.mark.usefixtures("help_center")
GOOD = "# Good\n\nKept.\n"
BOMB = "---\na: &a {k: v}\n" + "".join(
    f"{after}: &{after} {{<<: [{', '.join([f'*{before}'] * 9)}]}}\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
HUGE = b"\0\0\0\rIHDR" + (60_000).to_bytes(4) * 2 + b"\x08\x02\0\0\0"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("---\ntitle: [a\n---\nWords.", "The front matter is no valid YAML in line 3"),
        ("---\ntitle: a\nWords.", "The front matter is not closed"),
        ("---\ntitle: !!python/object/apply:os.system ['true']\n---\nWords.", "could not determine a constructor"),
        (f"{BOMB}---\nWords.", "nested too deeply or repeats itself too often"),
        ("---\ntitle: " + "[" * 30_000 + "\n---\nWords.", "nested too deeply or repeats itself too often"),
        ("---\naudience: everybody\n---\nWords.", "The audience “everybody” is not known"),
        ("---\naudience: company:nobody\n---\nWords.", "The audience “company:nobody” is not known"),
        ("- " * 100_000 + "a", "nested more than 15 levels deep"),
        ("> " * 100_000 + "a", "nested more than 15 levels deep"),
        ("<div>" * 100_000 + "a", "nested more than 80 levels deep"),
        ("word " * 4_000_000, "It has 20.0 MB; 5 MB are the most."),
    ],
    ids=["yaml", "unclosed", "tag", "merges", "flow", "audience", "company", "list", "quotation", "html", "20 MB"],
)
def test_bad_file_is_named_and_the_others_are_taken(tmp_path: Path, text: str, sentence: str) -> None:
    status, output = import_files(tmp_path, {"bad.md": text, "good.md": GOOD})
    assert status == 1
    assert "  bad.md: " in output
    assert sentence in output
    assert counted(output) == {"created": 1, "failed": 1}
    assert [found.title for found in HelpPage.objects.all()] == ["Good"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("big.png", PIXEL + bytes(40_000_000), "big.png: It has 40.0 MB; 10 MB are the most."),
        ("no.png", b"no image", "no.png: It is no image, or a damaged one."),
        (
            "huge.png",
            PIXEL[:8] + HUGE + zlib.crc32(HUGE[4:]).to_bytes(4) + PIXEL[-12:],
            "huge.png: It is no image, or a damaged one.",
        ),
    ],
    ids=["40 MB", "text", "60,000 pixels"],
)
def test_bad_image_is_named_and_its_page_keeps_the_words(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    status, output = import_files(
        tmp_path, {"page.md": f"# Page\n\nWords.\n\n![What it shows]({name})\n", name: content}
    )
    assert (status, counted(output), counted(output, "images")) == (1, {"created": 1}, {"failed": 1})
    assert sentence in output
    assert not get_image_model().objects.exists()
    assert "What it shows" in HelpDocument.objects.get(pk=page("page").pk).body_html


def test_a_file_that_is_not_what_its_name_says_is_named_and_its_page_keeps_the_words(tmp_path: Path) -> None:
    text = "# P\n\nTake [the form](form.pdf) along.\n"
    status, output = import_files(tmp_path, {"p.md": text, "form.pdf": b"<html>"})
    assert (status, counted(output), counted(output, "images")) == (1, {"created": 1}, {"failed": 1})
    assert "form.pdf: “form.pdf” is not a PDF file, whatever its name says, or it is damaged." in output
    assert not get_document_model().objects.exists()
    assert "Take the form along." in HelpDocument.objects.get(pk=page("p").pk).text


def test_drawing_with_a_script_is_not_kept(tmp_path: Path) -> None:
    drawing = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    status, output = import_files(tmp_path, {"p.md": "# P\n\n![A plan](x.svg) [the plan](x.svg)\n", "x.svg": drawing})
    assert (status, counted(output, "images")) == (0, {"skipped": 1})
    assert not get_image_model().objects.exists()
    assert not get_document_model().objects.exists()
    body = HelpDocument.objects.get(pk=page("p").pk).body_html
    assert "the plan" in body
    assert "svg" not in body


def test_script_in_a_text_is_left_out_and_told(tmp_path: Path) -> None:
    text = "# P\n\nOne <script>alert(1)</script> two <img src=x onerror=alert(2)> <a href='javascript:alert(3)'>x</a>\n"
    status, output = import_files(tmp_path, {"p.md": text})
    assert status == 0
    assert "p.md: Scripts, plug-ins and event handlers in the text were left out." in output
    assert "alert(" not in HelpDocument.objects.get(pk=page("p").pk).body_html


def test_nothing_outside_of_the_folder_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(PIXEL)
    (tmp_path / "in").mkdir()
    for name, target in (("x.png", secret), ("steal.md", Path("/etc/passwd")), ("etc", Path("/etc"))):
        (tmp_path / "in" / name).symlink_to(target)
    text = "# P\n\n![one](../secret.png) ![two](x.png) ![three](../../../../etc/passwd) [four](etc/passwd)\n"
    status, output = import_files(tmp_path / "in", {"p.md": text})
    assert status == 1
    for name in ("x.png", "steal.md", "etc"):
        assert f"  {name}: It is a link to a place outside of the folder." in output
    assert [found.title for found in HelpPage.objects.all()] == ["P"]
    assert not get_image_model().objects.exists()
    assert not get_document_model().objects.exists()
    assert "root:" not in HelpDocument.objects.get(pk=page("p").pk).body_html


def test_what_no_database_keeps_is_taken_away(tmp_path: Path) -> None:
    files: Files = {
        "a.md": b"# N\0ul\n\na\0b\n",
        "b.md": '---\ntitle: "T\\0wo"\nsummary: "S\\0"\nkeywords: ["k\\0"]\nowner: "o\\0"\n---\nWords.\n',
        "c/_category_.json": '{"label": "L\\u0000abel \\ud800"}',
        "c/d.md": "# D\n\nx &#xD800; &#0; y\n",
    }
    status, output = import_files(tmp_path, files)
    assert (status, counted(output)) == (0, {"created": 3})
    assert {found.title for found in HelpPage.objects.all()} == {"Nul", "Two", "Label ?", "D"}


def test_name_of_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "caf\udce9.md").write_text(GOOD)
    status, output = import_files(tmp_path, {"good.md": GOOD})
    assert (status, counted(output)) == (1, {"created": 1, "failed": 1})
    assert "caf?.md: Its name holds characters that are none of Unicode's" in output


def test_guides_without_parts_and_wrong_videos_are_taken(tmp_path: Path) -> None:
    files: Files = {
        "t.md": "---\ntype: tutorial\nvideo: javascript:alert(1)\n---\n# T\n\nWords.\n",
        "u.md": "---\ntype: troubleshooting\n---\n# U\n\nWords.\n",
    }
    status, output = import_files(tmp_path, files)
    assert (status, counted(output)) == (0, {"created": 2})
    assert "t.md: The video “javascript:alert(1)” is no address of a web page." in output
    assert page("t").video_url == ""


@pytest.mark.parametrize(
    ("path", "under", "sentence"),
    [
        ("missing", "help", "missing is not a folder."),
        ("page.md", "help", "page.md is not a folder."),
        (".", "no/such", "No topic is called “no/such”."),
    ],
)
def test_wrong_argument_gets_one_sentence(tmp_path: Path, path: str, under: str, sentence: str) -> None:
    (tmp_path / "page.md").write_text(GOOD)
    status, output = import_help(tmp_path / path, under=under)
    assert status == 1
    assert output.endswith(sentence)
    assert len(output.splitlines()) == 1
    assert not HelpPage.objects.exists()


def test_folder_without_articles_says_so(tmp_path: Path) -> None:
    status, output = import_help(tmp_path)
    assert (status, counted(output)) == (0, {})
    assert "There is nothing to import in" in output
