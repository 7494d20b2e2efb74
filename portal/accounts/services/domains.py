"""A company's own e-mail domain, and the people who ask to join by it."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts import roles
from portal.accounts.models import Company, JoinRequest, Membership, User
from portal.accounts.services import members
from portal.activity import services as activity
from portal.approvals import services as approvals
from portal.approvals.models import Approval, ApprovalQuerySet
from portal.core.errors import Conflict, DomainError

KIND = "join_request"
ASK_AGAIN_AFTER = timedelta(days=30)
# Where everybody can have an address, an address proves nothing of a company.
PUBLIC_DOMAINS = frozenset(
    {
        "aol.com",
        "gmail.com",
        "gmx.com",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hotmail.com",
        "icloud.com",
        "live.com",
        "mail.com",
        "mail.ru",
        "me.com",
        "msn.com",
        "outlook.com",
        "pm.me",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "yahoo.com",
        "yahoo.co.uk",
        "yandex.com",
        "yandex.ru",
        "ymail.com",
        "zoho.com",
    }
)


class NotYourDomain(DomainError):
    """Nobody who acts has a confirmed address of this domain."""

    code = "not_your_domain"


class DomainTaken(Conflict):
    """Another company has it."""

    code = "domain_taken"


class NotInvited(DomainError):
    """One's address is not of the company's domain."""

    code = "not_of_the_domain"


class AskedLately(Conflict):
    """The company said no not long ago."""

    code = "asked_lately"


def domain_of(email: str) -> str:
    """What stands after the @, in small letters."""
    return email.rpartition("@")[2].lower()


def domains_of(user: User) -> list[str]:
    """Domains of a person's confirmed addresses that can belong to a company."""
    addresses = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return sorted({domain_of(address) for address in addresses} - PUBLIC_DOMAINS)


@transaction.atomic
def claim(*, company: Company, domain: str, by: User, at: datetime) -> Company:
    """Say that a domain is the company's, or with "" that none is; proof is a confirmed address of one's own.

    Raises NotAllowed, NotYourDomain, DomainTaken.
    """
    locked = members.lock(company)
    roles.demand(members.membership_of(locked, by), roles.Permission.EDIT_COMPANY)
    wanted = domain.strip().lower()
    if wanted and wanted not in domains_of(by):
        raise NotYourDomain(_("You need a confirmed e-mail address of this domain to claim it."), field="email_domain")
    locked.email_domain, locked.email_domain_verified_at = wanted, at if wanted else None
    try:
        with transaction.atomic():
            locked.save(update_fields=["email_domain", "email_domain_verified_at"])
    except IntegrityError:
        raise DomainTaken(_("Another company has this domain. Write to us."), field="email_domain") from None
    data = {"fields": "e-mail domain"}
    activity.record(verb="company.changed", actor=by, company=locked, subject=locked, data=data, at=at)
    return locked


def joinable_by(user: User) -> list[Company]:
    """Companies of the person's domains that they do not belong to."""
    found = Company.objects.filter(is_active=True, email_domain__in=domains_of(user)).exclude(memberships__user=user)
    return list(found.order_by("name"))


@transaction.atomic
def ask_to_join(*, company: Company, user: User, at: datetime, message: str = "") -> JoinRequest:
    """Ask to become a viewer of the company; members who manage members decide.

    Raises NotInvited when no confirmed address is of its domain, AlreadyAsked, AskedLately.
    """
    if company not in joinable_by(user):
        raise NotInvited(_("You need a confirmed e-mail address of the company."))
    request, _made = JoinRequest.objects.update_or_create(
        company=company, user=user, defaults={"message": message.strip(), "asked_at": at}
    )
    if refused_lately(user, at=at).filter(company=company).exists():
        raise AskedLately(_("The company decided against it not long ago. Write to somebody there."))
    label = _("%s asks to join") % user
    approvals.ask(kind=KIND, subject=request, by=user, at=at, company=company, concerns=user, label=label)
    return request


def refused_lately(user: User, *, at: datetime) -> ApprovalQuerySet:
    """The person's requests that were refused so lately that the same company cannot be asked again yet."""
    refused = Approval.objects.filter(kind=KIND, concerns=user, status=Approval.Status.REJECTED)
    return refused.filter(decided_at__gt=at - ASK_AGAIN_AFTER)


def let_in(approval: Approval, at: datetime) -> None:
    """What approving does: the person joins as a viewer. Raises CompanyClosed."""
    request = JoinRequest.objects.select_related("company", "user").get(pk=approval.object_id)
    company = members.lock(request.company)
    members.check_open(company)
    members.add(company=company, user=request.user, role=Membership.Role.VIEWER, by=approval.decided_by)
