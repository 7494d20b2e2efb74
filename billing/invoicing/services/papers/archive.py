"""PDF files: made by the worker once a document is issued, kept with their hash, handed out while it is true."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from django.core.files.base import ContentFile
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from billing.invoicing.models import CreditNote, Invoice, PaperFile
from portal.accounts import downloads
from portal.core import files
from portal.core.errors import Conflict
from portal.core.models import Job
from portal.core.services import jobs

if TYPE_CHECKING:
    from portal.accounts.models import User

PDF = "application/pdf"
# So many are typeset together: more save little, and all wait for the last.
TOGETHER = 16
logger = structlog.get_logger(__name__)


class NotMadeYet(Conflict):
    """The worker has not come to it."""

    code = "file_not_ready"


class FileChanged(Conflict):
    """What lies in the storage is not what was made."""

    code = "file_changed"


def ask_for(papers: Sequence[Invoice] | Sequence[CreditNote], *, at: datetime) -> None:
    """Have the PDFs of documents of one kind made, in the transaction that issues them."""
    name = f"{_field(papers[0])}_id"
    jobs.enqueue_many(job_type=PaperFile, names=[name], rows=[(paper.pk,) for paper in papers], at=at)


def make(*, pk: int) -> bool:
    """Make one PDF; return whether it was there to be made."""
    return jobs.perform(job_type=PaperFile, pk=pk, outside=_make, record=_record)


def make_some(most: int = TOGETHER) -> int:
    """Make the PDFs that have waited longest and that nobody else makes, together; return how many there were."""
    rows = PaperFile.objects.select_related("invoice")
    return jobs.perform_some(rows=rows, most=most, together=_make_together, outside=_make, record=_record)


def hand_out(*, paper: Invoice | CreditNote, by: "User") -> FileResponse:
    """Answer with the PDF, and write down who has it. Raises NotMadeYet, FileChanged; Http404 where it is gone."""
    if paper.is_forgotten:
        raise Http404
    file = PaperFile.objects.filter(**_of(paper)).first()
    if file is None or file.state != Job.State.DONE:
        raise NotMadeYet(_("The PDF is being made. Try again in a minute."))
    if sha256_of(file) != file.sha256:
        logger.error("paper_changed", paper=str(paper), file=file.pk)
        raise FileChanged(_("This file is not what we made, so it is not handed out. Please write to us."))
    return downloads.hand_out(
        file=file.file, name=f"{paper.number}.pdf", content_type=PDF, by=by, subject=paper, company=paper.company
    )


def forget(paper: Invoice | CreditNote) -> None:
    """Delete the PDF for good, once the running transaction is committed."""
    for file in PaperFile.objects.filter(**_of(paper)):
        files.delete_on_commit(file.file)
        file.delete()


def sha256_of(file: PaperFile) -> str:
    """The hash of what lies in the storage now. Raises Http404 where nothing does."""
    try:
        with file.file.open("rb") as content:
            return hashlib.sha256(content.read()).hexdigest()
    except FileNotFoundError:
        raise Http404 from None


def _make(file: PaperFile) -> tuple[str, int, str]:
    return _make_together([file])[0]


def _make_together(files: Sequence[PaperFile]) -> list[tuple[str, int, str]]:
    """Typeset them and save each."""
    from billing.invoicing.services.papers import typeset

    contents = typeset.pdfs_of([file.paper for file in files])
    return [_save(file, content) for file, content in zip(files, contents, strict=True)]


def _save(file: PaperFile, content: bytes) -> tuple[str, int, str]:
    """Save it; what an attempt before left in the storage is deleted."""
    storage = files.private_storage()
    for attempt in range(1, file.attempts + 1):
        storage.delete(_name(file, attempt))
    name = storage.save(_name(file, file.attempts), ContentFile(content))
    return name, len(content), hashlib.sha256(content).hexdigest()


def _name(file: PaperFile, attempt: int) -> str:
    return f"invoices/{file.paper.public_id.hex}-{attempt}.pdf"


def _record(file: PaperFile, made: tuple[str, int, str]) -> None:
    file.file.name, file.size, file.sha256 = made
    file.save(update_fields=["file", "size", "sha256"])


def _of(paper: Invoice | CreditNote) -> dict[str, Any]:
    return {_field(paper): paper}


def _field(paper: Invoice | CreditNote) -> str:
    return "credit_note" if isinstance(paper, CreditNote) else "invoice"
