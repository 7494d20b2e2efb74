"""What editors upload or type that could do harm: refused in words or shown as text, and nothing is stored by half."""

import json
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file, get_test_image_file_jpeg
from wagtail.models import Collection
from wagtail.test.utils.form_data import rich_text

from helpcenter.knowledge.models import HelpDocument, HelpPage, Promotion, Synonym
from portal.accounts.models import User
from tests.cast import client_of
from tests.helpcenter.knowledge import pages
from tests.helpcenter.knowledge.editing import forms

pytestmark = pytest.mark.usefixtures("portal_site")
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
MB = 1024 * 1024
CORRUPTED = "Upload a valid image. The file you uploaded was either not an image or a corrupted image."


def picture(size: int) -> bytes:
    """A valid picture, made larger by what follows it."""
    file = get_test_image_file_jpeg("big.jpg")
    file.seek(0)
    content: bytes = file.read()
    return content + b"\0" * (size - len(content))


def upload(client: Client, kind: str, place: str, name: str, content: bytes) -> Any:
    """Upload one file through the form of a single file, or through that of several, as the admin's pages do."""
    file = SimpleUploadedFile(name, content)
    root = Collection.get_first_root_node()
    if place == "one":
        values = {"title": "Mine", "file": file, "collection": root.pk, "tags": "", "description": ""}
        return client.post(f"/admin/{kind}/add/", values)
    return client.post(f"/admin/{kind}/multiple/add/", {"title": "Mine", "files[]": file, "collection": root.pk})


def said(answer: Any, place: str) -> str:
    """The words of a refusal."""
    if place == "one":
        return " ".join(error for errors in answer.context["form"].errors.values() for error in errors)
    data = answer.json()
    assert data["success"] is False
    return str(data["error_message"])


@pytest.mark.parametrize("place", ["one", "several"])
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("big.jpg", picture(40 * MB), "This file is too big (40.0\xa0MB). Maximum filesize 10.0\xa0MB."),
        ("drawing.svg", SVG, "Not a supported image format. Supported formats: AVIF, GIF, JPG, JPEG, PNG, WEBP."),
        ("page.png", HTML, CORRUPTED),
        ("empty.png", b"", "The submitted file is empty."),
        ("broken.png", b"\x89PNG\r\n\x1a\nbroken", CORRUPTED),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused_in_words(
    editor: User, place: str, name: str, content: bytes, words: str
) -> None:
    answer = upload(client_of(editor), "images", place, name, content)
    assert answer.status_code == 200
    assert words in said(answer, place)
    assert not get_image_model().objects.exists()


@pytest.mark.parametrize("place", ["one", "several"])
@pytest.mark.parametrize(("name", "content"), [("drawing.svg", SVG), ("page.html", HTML), ("run.exe", b"MZ")])
def test_files_of_other_kinds_are_refused_in_words(editor: User, place: str, name: str, content: bytes) -> None:
    answer = upload(client_of(editor), "documents", place, name, content)
    assert answer.status_code == 200
    assert f"File extension “{name.rpartition('.')[2]}” is not allowed." in said(answer, place)
    assert not get_document_model().objects.exists()


def packed(*names: str) -> bytes:
    """An archive of these files."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


WORD, SHEET = packed("[Content_Types].xml", "word/document.xml"), packed("[Content_Types].xml", "xl/workbook.xml")


@pytest.mark.parametrize("place", ["one", "several"])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.pdf", HTML), ("page.zip", HTML), ("run.docx", b"MZ\x90\0"), ("sheet.docx", SHEET), ("letter.xlsx", WORD),
        ("cut.zip", packed("a.txt")[:-4]), ("list.csv", WORD), ("run.txt", b"MZ\x90\0"), ("film.mp4", HTML),
        ("film.webm", b"\0\0\0\x20ftypisom"), ("talk.PDF", b"\0" * 2000 + b"%PDF-1.7"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_its_name_says_is_refused_in_words(
    editor: User, place: str, name: str, content: bytes
) -> None:
    answer = upload(client_of(editor), "documents", place, name, content)
    kind = name.rpartition(".")[2].upper()
    sentence = f"“{name}” is not a {kind} file, whatever its name says, or it is damaged."
    assert answer.status_code == 200
    assert said(answer, place) == f"{sentence} Save it as {kind} again, or choose another file."
    assert not get_document_model().objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("guide.pdf", b"\n%PDF-1.7\n"), ("letter.docx", WORD), ("rates.xlsx", SHEET), ("all.zip", packed("a.txt")),
        ("talk.pptx", packed("ppt/presentation.xml")), ("text.odt", packed("mimetype", "content.xml")),
        ("rates.csv", "Betrag;1,50 €\n".encode("cp1252")), ("note.txt", "Grüße".encode("utf-16")),
        ("film.mp4", b"\0\0\0\x20ftypisom"), ("film.webm", b"\x1a\x45\xdf\xa3"),
    ],
)  # fmt: skip
def test_a_file_that_is_what_its_name_says_is_taken_whole(editor: User, name: str, content: bytes) -> None:
    assert upload(client_of(editor), "documents", "one", name, content).status_code == 302
    with get_document_model().objects.get().open_file() as file:
        assert file.read() == content


@pytest.mark.parametrize("name", ["page.csv", "page.txt"])
def test_a_page_that_calls_itself_a_file_is_never_run(editor: User, name: str) -> None:
    upload(client_of(editor), "documents", "one", name, HTML)
    document = get_document_model().objects.get()
    pages.article("Rates", body=[pages.block("download", {"document": document.pk, "title": ""})])
    answer = Client().get(document.url)
    assert answer["Content-Type"].partition(";")[0] not in {"text/html", "image/svg+xml"}
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_what_readers_or_support_may_not_upload_is_not_stored(support: User, viewer: User) -> None:
    for user in (support, viewer, None):
        for kind in ("images", "documents"):
            assert upload(client_of(user), kind, "one", "plan.jpg", picture(200_000)).status_code == 302
    assert not get_image_model().objects.exists()
    assert not get_document_model().objects.exists()


EVIL = """<script>alert(1)</script>"><img src=x onerror=alert(1)>"""


def evil_body() -> dict[str, Any]:
    """Script in every text of every block; rich text as a browser could post it past the editor."""
    image = get_image_model().objects.create(title=EVIL, file=get_test_image_file())
    document = get_document_model().objects.create(title=EVIL, file=SimpleUploadedFile("rates.csv", b"1"))
    typed = rich_text(f"<p>{EVIL.replace('<', '&lt;')}</p>")
    inner = forms.stream(("text", typed), ("code", {"language": EVIL[:40], "code": EVIL, "caption": EVIL}))
    return forms.stream(
        ("text", typed),
        ("heading", {"text": EVIL, "level": "2", "anchor": ""}),
        ("image", {"image": {"image": image.pk, "decorative": "", "alt_text": EVIL}, "caption": EVIL}),
        ("callout", {"kind": "tip", "title": EVIL, "text": typed}),
        ("code", {"language": EVIL[:40], "code": EVIL, "caption": EVIL}),
        forms.table(f"<p>{EVIL.replace('<', '&lt;')}</p>"),
        ("video", {"title": EVIL, "url": "https://video.example/1", "file": "", "transcript": typed}),
        ("steps", forms.listed({"title": EVIL, "body": inner})),
        ("accordion", {"items": forms.listed({"title": EVIL, "body": inner})}),
        ("download", {"document": document.pk, "title": EVIL}),
        ("related", {"title": EVIL, "pages": forms.listed(pages.article(EVIL, slug="other").pk)}),
    )


def test_script_in_every_field_is_text_everywhere(editor: User) -> None:
    client, visitor = client_of(editor), Client()
    values = forms.fields(EVIL, slug="evil", summary=EVIL, keywords=EVIL, body=evil_body())
    assert forms.add(client, "knowledge/articlepage", values, action="publish").status_code == 302
    page = HelpPage.objects.get(slug="evil").specific
    Synonym.objects.create(phrases=[EVIL, "alert"])
    Promotion.objects.create(phrases=["alert"], page=page, text=EVIL)
    pages.publish(page)
    shown = {
        address: reader.get(address)
        for reader, addresses in (
            (visitor, [
                "/help/evil/", "/help/", "/help/search/?q=alert", "/help/search/suggest/?q=alert", "/help/feed/",
                "/sitemap-help.xml", f"/help/feedback/{page.pk}/",
            ]),
            (client, [
                f"/admin/pages/{page.pk}/edit/", f"/admin/pages/{page.get_parent().pk}/",
                "/admin/help_pages/", "/admin/", f"/admin/pages/{page.pk}/history/", "/admin/images/",
                "/admin/documents/",
                "/admin/snippets/knowledge/synonym/", "/admin/snippets/knowledge/promotion/",
                "/admin/reports/help-stale/",
            ]),
        )
        for address in addresses
    }  # fmt: skip
    assert {address: answer.status_code for address, answer in shown.items()} == dict.fromkeys(shown, 200)
    for address, answer in shown.items():
        assert "<script>alert" not in answer.text, address
        assert "<img src=x" not in answer.text, address
    assert shown["/help/evil/"].text.count("&lt;script&gt;alert(1)") >= 14
    data = json.loads(shown["/help/evil/"].text.partition('application/ld+json">')[2].partition("</script>")[0])
    assert EVIL in json.dumps(data, ensure_ascii=False).replace('\\"', '"')
    assert visitor.get("/help/evil.pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>", "vbscript:x"]
)
def test_a_link_that_runs_something_loses_its_target(editor: User, address: str) -> None:
    content = {
        "blocks": [{
            "key": "a", "text": "press here", "type": "unstyled", "depth": 0, "inlineStyleRanges": [],
            "entityRanges": [{"offset": 0, "length": 5, "key": 0}],
        }],
        "entityMap": {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": address}}},
    }  # fmt: skip
    values = forms.fields("Links", body=forms.stream(("text", json.dumps(content))))
    assert forms.add(client_of(editor), "knowledge/articlepage", values, action="publish").status_code == 302
    shown = HelpDocument.objects.get().body_html
    assert "press" in shown
    assert address.partition(":")[0].lower() + ":" not in shown.lower()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "not an address", ""])
def test_a_video_has_an_address_or_a_file(editor: User, url: str) -> None:
    video = {"title": "Film", "url": url, "file": "", "transcript": rich_text("")}
    values = forms.fields("Film", body=forms.stream(("video", video)))
    answer = forms.add(client_of(editor), "knowledge/articlepage", values, action="publish")
    assert answer.status_code == 200
    assert list(forms.errors_of(answer)) == ["body"]
    assert not HelpPage.objects.exists()


def test_a_video_of_any_host_is_a_link_and_loads_nothing(editor: User) -> None:
    video = {"title": "Film", "url": "https://unknown.example/v", "file": "", "transcript": rich_text("")}
    values = forms.fields("Film", body=forms.stream(("video", video)))
    assert forms.add(client_of(editor), "knowledge/articlepage", values, action="publish").status_code == 302
    shown = HelpDocument.objects.get().body_html
    assert 'href="https://unknown.example/v" rel="noopener"' in shown
    assert "<iframe" not in shown
    assert "<video" not in shown


def test_the_admin_alone_shows_a_picture_while_it_is_uploaded(editor: User) -> None:
    admin, reader = client_of(editor).get("/admin/images/multiple/add/"), Client().get("/help/")
    assert "img-src 'self' data: blob:" in admin["Content-Security-Policy"]
    assert "blob:" not in reader["Content-Security-Policy"]


@pytest.mark.parametrize(("icon", "errors"), [("no-such-icon", ["icon"]), ("search", []), ("", [])])
def test_a_topic_has_an_icon_of_the_set_or_none(editor: User, icon: str, errors: list[str]) -> None:
    answer = forms.add(client_of(editor), "knowledge/topicpage", forms.fields("Month end", icon=icon), action="publish")
    assert (list(forms.errors_of(answer)) if answer.status_code == 200 else []) == errors
    assert HelpPage.objects.exists() is not bool(errors)
    if not errors:
        assert f'sprite.svg#{icon or "book-open"}"/></svg></span>' in Client().get("/help/").text
