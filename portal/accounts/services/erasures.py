"""Erasing all data of a person or a company: asked for by them, decided by staff, done in one transaction.

Locks are taken in one order: approvals, companies, people; decisions of other kinds do the same.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.accounts import roles
from portal.accounts.models import Company, Erasure, ErasureMail, Membership, User
from portal.accounts.models.erasures import digest_of
from portal.accounts.services import cleaning, members
from portal.activity import services as activity
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.core.errors import Conflict, DomainError
from portal.core.privacy import Eraser, Erasing, company_erasers, person_erasers
from portal.core.services import jobs
from portal.notifications.services import notices

KIND = "erasure"
PERMISSION = "accounts.decide_erasure"
OWN, COMPANYS = "/accounts/privacy/", "/customer/settings/privacy/"


class SoleOwner(Conflict):
    """Companies would be left without an owner."""

    code = "sole_owner"


class WorksHere(DomainError):
    """Accounts of staff are closed by staff."""

    code = "works_here"


class NoOwnerAsks(Conflict):
    """Whoever asked for the erasure of a company's data owns it no more."""

    code = "no_owner_asks"


class NotAsked(Conflict):
    """Nothing waits for a decision."""

    code = "not_asked"


@dataclass(frozen=True, slots=True)
class Remnant:
    """What stays after an erasure of today, why, and the day on which it goes."""

    what: str
    why: str
    until: date


@transaction.atomic
def ask(*, person: User, company: Company | None, at: datetime) -> Approval:
    """Ask for the erasure of a person's own data, or as an owner of the company's.

    Raises SoleOwner, WorksHere, NotAllowed, approvals.AlreadyAsked.
    """
    if company is None:
        check_person(person)
    else:
        company = members.lock(company)
        _demand_owner(company, person)
    erasure = Erasure.objects.get_or_create(
        company=company, **({} if company else {"person": person}), defaults={"person": person, "asked_at": at}
    )[0]
    erasure.person, erasure.asked_at = person, at
    erasure.save(update_fields=["person", "asked_at"])
    concerns = None if company else person
    approval = approvals.ask(kind=KIND, subject=erasure, by=person, at=at, company=company, concerns=concerns)
    fields = {"what": str(company or _("your account"))}
    url = COMPANYS if company else OWN
    key = f"approval {approval.public_id}"
    people = owners_of(company) if company else [person]
    notices.notify(kind="erasure_asked", people=people, key=key, at=at, fields=fields, url=url, company=company)
    return approval


def withdraw(*, person: User, company: Company | None, at: datetime) -> Approval:
    """Take the request back. Raises NotAsked, NotAllowed, approvals.AlreadyDecided."""
    if company is not None:
        _demand_owner(company, person)
    waiting = pending(person, company)
    if waiting is None:
        raise NotAsked(_("No erasure has been asked for, or it is decided already."))
    return approvals.cancel(approval=waiting, by=person, at=at)


def pending(person: User, company: Company | None) -> Approval | None:
    """The request that waits for a decision."""
    erasure = Erasure.objects.of(person, company).first()
    return Approval.objects.about(erasure).pending().first() if erasure else None


def check_person(person: User) -> None:
    """Raise what stands in the way of erasing a person: SoleOwner, WorksHere. Locks the companies that they own."""
    if person.is_staff:
        raise WorksHere(_("Your account works for us. Ask an administrator to close it."))
    owned = Membership.objects.filter(user=person, role=Membership.Role.OWNER, company__is_active=True)
    companies = Company.objects.filter(pk__in=owned.values("company")).order_by("pk")
    alone = [company.name for company in companies.select_for_update() if set(owners_of(company)) <= {person}]
    if alone:
        text = _(
            "This account is the only owner of %(names)s. First hand the ownership to somebody else, on the members' "
            "page, or have the company's data erased."
        )
        raise SoleOwner(text % {"names": ", ".join(alone)})


def owners_of(company: Company) -> list[User]:
    """The owners who can sign in."""
    found = Membership.objects.filter(company=company, role=Membership.Role.OWNER, user__is_active=True)
    return [membership.user for membership in found.select_related("user").order_by("pk")]


def carry_out(approval: Approval, at: datetime) -> None:
    """What approving does. Raises SoleOwner, WorksHere, NoOwnerAsks: then nothing has changed."""
    erasure = Erasure.objects.select_for_update(of=("self",)).get(pk=approval.object_id)
    if erasure.done_at:
        return
    if erasure.company is not None:
        _erase_company(erasure, erasure.company, at)
    else:
        _erase_person(erasure, at)
    erasure.done_at = at
    erasure.save(update_fields=["done_at", "address_digest"])


def refuse(approval: Approval, at: datetime) -> None:
    """What rejecting does: whoever asked is told why."""
    if approval.asked_by is None:
        return
    company = approval.company
    notices.notify(
        kind="erasure_rejected",
        people=[approval.asked_by],
        key=f"approval {approval.public_id}",
        at=at,
        fields={"what": str(company or _("your account")), "comment": approval.comment},
        url=COMPANYS if company else OWN,
        company=company,
    )


def what_goes(company: Company | None) -> list[str]:
    """What an erasure takes, in words."""
    return [eraser.what for eraser in _erasers(company)]


def what_stays(company: Company | None, *, today: date) -> list[Remnant]:
    """What an erasure of this day leaves, and until when."""
    kept = [kept for eraser in _erasers(company) for kept in eraser.keeps]
    return [Remnant(row.what, row.why, today + timedelta(days=cleaning.days_of(row.rule))) for row in kept]


def _erasers(company: Company | None) -> "list[Eraser[User]] | list[Eraser[Company]]":
    return company_erasers.all() if company else person_erasers.all()


def _erase_person(erasure: Erasure, at: datetime) -> None:
    waiting = Approval.objects.filter(Q(concerns=erasure.person_id) | Q(asked_by=erasure.person_id, company=None))
    approvals.cancel_all(waiting=waiting, at=at)
    check_person(erasure.person)
    # Memberships of others are counted under the lock of the company; this person's own under that of the person.
    person = User.objects.select_for_update().get(pk=erasure.person_id)
    erasure.address_digest = digest_of(person.email)
    jobs.enqueue(job=ErasureMail(to=person.email, available_at=at), at=at)
    erasing = Erasing(person, person.get_full_name(), _proved_addresses(person), at)
    for eraser in person_erasers.all():
        eraser.erase(erasing)
    activity.record(verb="person.erased", actor=None, subject=person, at=at)


def _proved_addresses(person: User) -> frozenset[str]:
    """What of the person's addresses is theirs: anybody may sign up with, or add, an address of somebody else.

    An account whose own address was never to be confirmed was made by staff, who know whose it is.
    """
    known = {row.email.lower(): row.verified for row in EmailAddress.objects.filter(user=person)}
    return frozenset(address for address, is_proved in {person.email.lower(): True, **known}.items() if is_proved)


def _erase_company(erasure: Erasure, asked: Company, at: datetime) -> None:
    approvals.cancel_all(waiting=Approval.objects.filter(company=asked), at=at)
    company = members.lock(asked)
    if erasure.person not in owners_of(company):
        raise NoOwnerAsks(_("Whoever asked for this is no owner of the company any more. An owner has to ask anew."))
    name, people = company.name, [row.user for row in company.memberships.select_related("user").order_by("pk")]
    activity.record(verb="company.erased", actor=None, company=company, at=at)
    for eraser in company_erasers.all():
        eraser.erase(Erasing(company, name, frozenset(), at))
    notices.notify(
        kind="company_erased", people=people, key=f"erasure {erasure.public_id}", at=at, fields={"company": name}
    )


def _demand_owner(company: Company, person: User) -> None:
    roles.demand(members.membership_of(company, person), roles.Permission.GOVERN_COMPANY)
