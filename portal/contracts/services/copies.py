"""Sealed PDFs as they are kept: handed out only while their hash is true."""

import hashlib
from typing import TYPE_CHECKING

import structlog
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts import downloads
from portal.contracts.models import Contract, SealedCopy
from portal.contracts.services import sealed_notices
from portal.core.errors import Conflict

if TYPE_CHECKING:
    from portal.accounts.models import User

PDF = "application/pdf"
logger = structlog.get_logger(__name__)


class NotSealedYet(Conflict):
    """The worker has not come to it, or could not do it so far."""

    code = "file_not_ready"


class CopyDamaged(Conflict):
    """What lies in the storage is not what was sealed."""

    code = "file_changed"


def newest(contract: Contract) -> SealedCopy | None:
    """The copy to hand out, if there is one."""
    return contract.sealed_copies.order_by("-pk").first()


def content_of(copy: SealedCopy) -> bytes:
    """The PDF, after its hash was checked. Raises CopyDamaged, after staff were told."""
    try:
        with copy.file.open("rb") as stored:
            content: bytes = stored.read()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != copy.sha256:
        logger.error("sealed_copy_damaged", contract=str(copy.contract), copy=copy.pk)
        sealed_notices.tell_of_damage(copy, at=timezone.now())
        raise CopyDamaged(_("This file is not what was sealed, so it is not handed out. We have been told of it."))
    return content


def open_copy(contract: Contract) -> SealedCopy:
    """The copy to hand out, after its hash was checked. Raises NotSealedYet, CopyDamaged."""
    copy = newest(contract)
    if copy is None:
        raise NotSealedYet(_("The PDF is made once everybody has signed. Try again in a minute."))
    content_of(copy)
    return copy


def hand_out(*, contract: Contract, by: "User") -> FileResponse:
    """Answer with the PDF, and write down who has it. Raises NotSealedYet, CopyDamaged."""
    copy = open_copy(contract)
    return downloads.hand_out(
        file=copy.file,
        name=f"{contract.number}.pdf",
        content_type=PDF,
        by=by,
        subject=contract,
        company=contract.company,
    )
