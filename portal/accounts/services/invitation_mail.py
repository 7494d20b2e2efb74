"""The e-mail of an invitation: in the words that editors keep, to an address that may not be anybody's account."""

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.formats import date_format

from portal.accounts.models import Invitation, InvitationMail
from portal.core.merge_fields import merge
from portal.notifications import letters
from portal.notifications.models import BlockedAddress
from portal.notifications.registry import kinds
from portal.notifications.services import sending, wording

KIND = "team_invitation"


def send(*, pk: int) -> bool:
    """Send one invitation's e-mail; return whether it was there to be sent."""
    return sending.perform(job_type=InvitationMail, pk=pk, prepare=_prepare)


def link_of(invitation: Invitation) -> str:
    """The address that opens the invitation, with host."""
    return letters.absolute(reverse("invitation", args=[invitation.token]))


def _prepare(job: InvitationMail) -> sending.Call | sending.Skip:
    invitation = job.invitation
    if invitation.status != Invitation.Status.PENDING or invitation.nonce != job.nonce:
        return sending.Skip("The invitation was sent again or taken back in the meantime.")
    if not invitation.company.is_active:
        return sending.Skip("The access of the company is closed.")
    blocked = BlockedAddress.objects.of(invitation.email).first()
    if blocked:
        return sending.Skip(f"The address is blocked: {blocked.get_reason_display()}.")
    message = _message(invitation)
    return sending.Call(invitation.email, lambda: sending.post(message))


def _message(invitation: Invitation) -> EmailMultiAlternatives:
    fields = {
        "company": invitation.company.name,
        "inviter": str(invitation.invited_by or invitation.company),
        "role": invitation.get_role_display(),
        "date": date_format(invitation.expires_at, "j F Y"),
    }
    subject, body = (merge(text, fields) for text in wording.words_of(KIND))
    letter = letters.Letter(
        subject=" ".join(subject.split()),
        heading=subject,
        paragraphs=letters.paragraphs_of(body),
        action_label=kinds.get(KIND).action,
        action_url=link_of(invitation),
        template=KIND,
    )
    return letters.message(letter, to=invitation.email)
