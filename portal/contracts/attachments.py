"""What goes with e-mails about contracts."""

from collections.abc import Sequence
from uuid import UUID

from portal.contracts.models import Contract
from portal.contracts.services import copies
from portal.contracts.services.sealed_notices import KEY
from portal.notifications.models import Notification
from portal.notifications.registry import File


def sealed_copy(notification: Notification) -> Sequence[File]:
    """The sealed PDF of the contract that a notification tells of. Raises CopyDamaged."""
    contract = Contract.objects.get(public_id=UUID(notification.key.removeprefix(KEY)))
    copy = copies.open_copy(contract)
    return [File(f"{contract.number}.pdf", copies.PDF, copies.content_of(copy))]
