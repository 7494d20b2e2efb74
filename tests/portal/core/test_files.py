"""Uploads are taken by what they hold, kept in private, and handed out as downloads."""

import io

import pytest
from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import FileField, Model
from django.db.models.fields.files import FieldFile
from django.http import Http404
from django.test import Client
from PIL import Image

from portal.core import files

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "teal").save(out, "PNG")
    return out.getvalue()


def upload(content: bytes, name: str = "paper.pdf", content_type: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def test_a_file_is_what_its_content_says_and_is_ready_to_be_saved() -> None:
    picture = upload(png(), "certificate.pdf")
    checked = files.check(picture, kinds=files.DOCUMENTS)
    assert (checked.name, checked.content_type, checked.size) == ("certificate.png", "image/png", len(png()))
    assert len(checked.sha256) == 64
    assert picture.read() == png()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>alert(1)</script></html>", "page.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.png"),
        (b"MZ\x90\x00" + b"\x00" * 200, "report.pdf"),
        (b"just text", "note.pdf"),
        (b"PK\x03\x04" + b"\x00" * 60, "papers.zip"),
    ],
)
def test_what_is_not_asked_for_is_refused_whatever_it_calls_itself(content: bytes, name: str) -> None:
    with pytest.raises(files.FileRefused) as refusal:
        files.check(upload(content, name), kinds=files.DOCUMENTS, field="file")
    assert (refusal.value.code, refusal.value.field) == ("file_kind", "file")
    assert refusal.value.message == "This is not a file of a kind that is taken: JPG, PDF, PNG, WEBP."


def test_an_empty_file_and_one_that_is_too_large_are_refused() -> None:
    with pytest.raises(files.FileRefused, match="This file is empty"):
        files.check(upload(b""), kinds=files.PDF)
    with pytest.raises(files.FileRefused, match="at most 29\xa0bytes are taken") as refusal:
        files.check(upload(PDF + b"."), kinds=files.PDF, most_bytes=29)
    assert refusal.value.code == "file_too_large"
    assert files.check(upload(PDF), kinds=files.PDF, most_bytes=29).size == 29


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Documents\\Tax 2026.docx", "Tax_2026.pdf"),
        ("Cheti cha usajili – Wanjirũ.pdf", "Cheti_cha_usajili__Wanjirũ.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_x.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ],
)
def test_names_are_cleaned(name: str, cleaned: str) -> None:
    assert files.clean_name(name, "pdf") == cleaned


class Form(forms.Form):
    paper = files.UploadField(kinds=files.PDF, most_bytes=100)


def test_a_form_takes_a_checked_file_or_says_what_is_wrong_with_it() -> None:
    form = Form({}, {"paper": upload(PDF, "../a b.txt", "text/html")})
    assert form.is_valid()
    paper = form.cleaned_data["paper"]
    assert (paper.name, paper.content_type, paper.checked.size) == ("a_b.pdf", "application/pdf", 29)
    assert Form({}, {"paper": upload(b"<svg/>")}).errors == {
        "paper": ["This is not a file of a kind that is taken: PDF."]
    }
    assert 'accept="application/pdf"' in str(Form()["paper"])


def stored(content: bytes = PDF) -> FieldFile:
    field = FileField(storage=files.private_storage, upload_to=files.Folder("papers"))
    field.name = "paper"
    paper = FieldFile(Model, field, "")
    paper.name = files.private_storage().save(files.Folder("papers")(None, "Tax 2026.PDF"), ContentFile(content))
    return paper


def test_private_files_have_names_that_nobody_guesses_and_no_address(client: Client) -> None:
    paper = stored()
    folder, _, name = str(paper.name).partition("/")
    assert (folder, len(name), name[-4:]) == ("papers", 36, ".pdf")
    with pytest.raises(ValueError, match="is private and has no address"):
        _ = paper.url


def test_nothing_below_media_leads_to_a_private_file(client: Client, db: None) -> None:
    assert client.get(f"/media/{stored().name}").status_code == 404
    assert client.get(f"/media/images/../../test-private/{stored().name}").status_code == 400


def test_a_download_is_saved_not_run_and_kept_by_nobody() -> None:
    response = files.download(stored(), name="Tax 2026.pdf", content_type="application/pdf")
    assert b"".join(response) == PDF
    assert response["Content-Disposition"] == 'attachment; filename="Tax 2026.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("content_type", "shown"),
    [
        ("image/png", "inline"),
        ("application/pdf", "inline"),
        ("image/svg+xml", "attachment"),
        ("text/html", "attachment"),
        ("application/xml", "attachment"),
    ],
)
def test_pictures_and_pdfs_alone_may_show_in_a_page(content_type: str, shown: str) -> None:
    response = files.download(stored(png()), name="logo.png", content_type=content_type, inline=True)
    assert response["Content-Disposition"] == f'{shown}; filename="logo.png"'
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_file_that_is_gone_answers_404() -> None:
    paper = stored()
    files.private_storage().delete(str(paper.name))
    with pytest.raises(Http404):
        files.download(paper, name="x.pdf", content_type="application/pdf")


def test_a_file_is_deleted_after_the_commit(db: None, django_capture_on_commit_callbacks) -> None:
    paper = stored()
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        files.delete_on_commit(paper)
    assert files.private_storage().exists(str(paper.name))
    for callback in callbacks:
        callback()
    assert not files.private_storage().exists(str(paper.name))
