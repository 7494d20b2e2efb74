"""Handing out a private file is written down."""

import pytest
from django.core.files.base import ContentFile
from django.db.models import FileField, Model
from django.db.models.fields.files import FieldFile
from django.http import Http404

from portal.accounts import downloads
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.core import files


def paper_called(name: str) -> FieldFile:
    field = FileField(storage=files.private_storage)
    field.name = "paper"
    paper = FieldFile(Model, field, "")
    paper.name = name
    return paper


def test_who_took_which_file_is_written_down(owner: User, company: Company) -> None:
    paper = paper_called(files.private_storage().save("papers/a.pdf", ContentFile(b"%PDF-1.7")))
    response = downloads.hand_out(
        file=paper, name="a.pdf", content_type="application/pdf", by=owner, subject=company, company=company, label="a"
    )
    assert b"".join(response) == b"%PDF-1.7"
    event = ActivityEvent.objects.get(verb="file.downloaded")
    assert (event.actor, event.company, event.sentence()) == (owner, company, f"{owner} downloaded a")


def test_a_file_that_is_gone_is_not_said_to_be_taken(owner: User, company: Company) -> None:
    with pytest.raises(Http404):
        downloads.hand_out(
            file=paper_called("papers/none.pdf"),
            name="a.pdf",
            content_type="application/pdf",
            by=owner,
            subject=company,
            company=company,
        )
    assert ActivityEvent.objects.count() == 0
