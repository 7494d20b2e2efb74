"""Linking a person's account here with theirs at Labs. Who somebody is there says `subject` alone, never an address."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.activity import services as activity
from portal.core.errors import Conflict
from portal.notifications.services import notices
from portal.projects.labs.answers import Identity
from portal.projects.labs.oauth import Tokens
from portal.projects.models import LabsAccount, LabsProject
from portal.projects.services.labs import reading


class Taken(Conflict):
    """The account at Labs belongs to another person here."""

    code = "labs_taken"


class LinkedAlready(Conflict):
    """The person is linked to another account at Labs."""

    code = "labs_linked_already"


@transaction.atomic
def link(*, user: User, identity: Identity, tokens: Tokens, kind: str, header: str, at: datetime) -> LabsAccount:
    """Link them, or keep the new tokens of a link that is there. Raises Taken, LinkedAlready."""
    person = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    found = LabsAccount.objects.filter(user=person).first()
    if found and found.subject != identity.subject:
        raise LinkedAlready(_("You are linked to another account at Labs. Unlink that one first."))
    account = found or LabsAccount(user=person, subject=identity.subject, linked_at=at)
    _keep(account, identity, tokens, kind, header, at)
    if not found:
        activity.record(verb="labs.linked", actor=person, label=str(account), at=at)
        notices.notify(
            kind="labs_linked",
            people=[person],
            key=f"labs {account.public_id}",
            at=at,
            fields={"account": str(account)},
            url="/accounts/labs/",
        )
    reading.queue(account=account, at=at)
    return account


@transaction.atomic
def signed_in(*, account: LabsAccount, identity: Identity, tokens: Tokens, at: datetime) -> None:
    """Keep what Labs gave at a sign-in: it takes the place of a token that was refused, or about to end."""
    held = LabsAccount.objects.select_for_update().filter(pk=account.pk, subject=identity.subject).first()
    if held:
        _keep(held, identity, tokens, LabsAccount.Kind.OAUTH, LabsAccount.Header.BEARER, at)


@transaction.atomic
def unlink(*, user: User, at: datetime) -> bool:
    """Forget the link with its tokens, and what nobody else reaches; return whether there was one."""
    account = LabsAccount.objects.select_for_update().filter(user=user).first()
    if account is None:
        return False
    forget(account)
    activity.record(verb="labs.unlinked", actor=user, label=str(account), at=at)
    return True


def forget(account: LabsAccount) -> None:
    """Delete the link, in the open transaction."""
    account.delete()
    LabsProject.objects.unreached().delete()


def _keep(account: LabsAccount, identity: Identity, tokens: Tokens, kind: str, header: str, at: datetime) -> None:
    account.email, account.name = identity.email, identity.name
    account.kind, account.header = kind, header
    account.access_token, account.refresh_token = tokens.access_token, tokens.refresh_token
    account.expires_at, account.scopes = tokens.expires_at, tokens.scopes
    account.state, account.refreshed_at, account.refresh_ends_at = LabsAccount.State.OK, at, None
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:
        # Of two people who link it at the same moment one has it; who came before has it, too.
        raise Taken(
            _("This account at Labs is linked to another account of the portal. Unlink it there, or write to us.")
        ) from None
