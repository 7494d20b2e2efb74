"""The last e-mail to a person: all is erased. Then the address is forgotten too."""

from portal.accounts.models import ErasureMail
from portal.core.models import Job
from portal.notifications import letters
from portal.notifications.models import BlockedAddress
from portal.notifications.services import sending, wording

KIND = "erasure_done"


def send(*, pk: int) -> None:
    """Send it, and forget the address as soon as nothing more is to be sent."""
    sending.perform(job_type=ErasureMail, pk=pk, prepare=_prepare)
    over = ErasureMail.objects.filter(pk=pk, state__in=[Job.State.DONE, Job.State.FAILED])
    over.update(to=None, address="")


def _prepare(job: ErasureMail) -> sending.Call | sending.Skip:
    if not job.to or BlockedAddress.objects.of(job.to).exists():
        return sending.Skip("The address is forgotten or blocked.")
    subject, body = wording.words_of(KIND)
    letter = letters.Letter(subject=subject, heading=subject, paragraphs=letters.paragraphs_of(body), template=KIND)
    message = letters.message(letter, to=job.to)
    return sending.Call(job.to, lambda: sending.post(message))
