"""Handing out private files, to keep or to look at: written down, each time."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.fields.files import FieldFile
from django.http import FileResponse

from portal.activity import services as activity
from portal.core import files

if TYPE_CHECKING:
    from portal.accounts.models import Company, User


def hand_out(
    *,
    file: FieldFile,
    name: str,
    content_type: str,
    by: "User",
    subject: models.Model,
    company: "Company | None",
    label: str | None = None,
    verb: str = "",
    inline: bool = False,
) -> FileResponse:
    """Answer with a private file and record that `by` has it, behind a view that has checked access.

    `subject` is what the file belongs to, named `label` or by its own `str`. Raises Http404, recording nothing, where
    the file is gone.
    """
    response = files.download(file, name=name, content_type=content_type, inline=inline)
    verb = verb or ("file.viewed" if inline else "file.downloaded")
    activity.record(verb=verb, actor=by, company=company, subject=subject, label=label)
    return response
