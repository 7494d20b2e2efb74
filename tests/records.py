"""Real records of the company and of its members, at every address that names a record.

`access.py` says who reaches a page at all, by records that nobody has. These are somebody's, and everybody else
must find nothing there.
"""

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone

from billing.invoicing.models import PaperFile
from billing.invoicing.services import credit_notes
from billing.invoicing.services.papers import archive
from portal.accounts.models import Company, JoinRequest, SignIn, User
from portal.accounts.services import archives, companies, domains, invitations, logos, verifications
from portal.approvals.models import Approval
from portal.notifications.models import Notification, OutboxMessage
from portal.notifications.services import notices
from portal.teams.services import assignments, community, removals
from tests.access import STAFF, only
from tests.billing.invoicing.books import AT, TODAY, kes
from tests.billing.invoicing.conftest import issued
from tests.factories import AssignmentFactory, DeveloperFactory, UserFactory
from tests.helpcenter.knowledge.pages import article
from tests.portal.accounts.papers import pdf, picture

TEAM = ("owner", "company_admin", "billing_member", "viewer")
MANAGERS = ("owner", "company_admin")
PAYERS = (*MANAGERS, "billing_member")
NO_MANAGERS = ("billing_member", "viewer")


@dataclass(frozen=True)
class Asked:
    """A request about one record, and the answers for each of the cast."""

    pattern: str
    example: str
    answers: dict[str, int]
    method: str = "get"


def reached(
    *names: str, answer: int = 200, refused: tuple[str, ...] = (), anonymous: int = 302, otherwise: int = 404
) -> dict[str, int]:
    """These people get `answer`; `refused` belong there, but may not (403); everybody else finds nothing."""
    nothing = only(anonymous=anonymous, otherwise=otherwise) | dict.fromkeys(refused, 403)
    return nothing | dict.fromkeys(names, answer)


def account_requests(company: Company, cast: dict[str, User]) -> list[Asked]:
    """Files, members, invitations, archives and sessions. Staff see papers when they have been handed in."""
    now, owner, viewer = timezone.now(), cast["owner"], cast["viewer"]
    companies.set_logo(company=company, picture=logos.redraw(picture()), by=owner)
    paper = verifications.add_document(
        company=company, kind="registration_certificate", upload=pdf(), by=owner, at=now, expires_on=None
    )
    invited = invitations.invite(company=company, email="new@savanna.example", role="viewer", by=owner, at=now)
    person = cast["agency_admin"]
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    theirs = invitations.invite(company=company, email=person.email, role="viewer", by=owner, at=now)
    own, whole = (_archive(viewer, None), _archive(owner, company))
    session = SignIn.objects.create(
        user=viewer, session_key="k", browser="b", device="Firefox", signed_in_at=now, last_seen_at=now
    )
    settings, members = "customer/settings", "customer/members"
    invitation = "customer/invitations/<uuid:invitation_id>/"
    document = f"{settings}/verification/documents/<uuid:document_id>/"
    managed = {"refused": NO_MANAGERS}
    return [
        _asked("customer/logos/<uuid:company_id>/", company.public_id, reached(*TEAM, *STAFF)),
        _asked(document, paper.public_id, reached(*MANAGERS, refused=NO_MANAGERS)),
        _asked(f"{document}view/", paper.public_id, reached(*MANAGERS, refused=NO_MANAGERS)),
        _asked(f"{document}remove/", paper.public_id, reached(*MANAGERS, answer=302, **managed), "post"),
        _asked(f"{members}/<uuid:person_id>/", viewer.public_id, reached(*MANAGERS, **managed)),
        _asked(f"{members}/<uuid:person_id>/remove/", viewer.public_id, reached(*MANAGERS, **managed)),
        _asked(
            f"{members}/<uuid:person_id>/remove/", viewer.public_id, reached(*MANAGERS, answer=302, **managed), "post"
        ),
        _asked(
            f"{members}/<uuid:person_id>/transfer/",
            viewer.public_id,
            reached("owner", refused=("company_admin", *NO_MANAGERS)),
        ),
        *(
            _asked(f"{invitation}{what}/", invited.public_id, reached(*MANAGERS, answer=302, **managed), "post")
            for what in ("resend", "revoke")
        ),
        _asked(invitation, theirs.public_id, reached("agency_admin")),
        _asked(invitation, invited.public_id, reached()),
        _asked("accounts/privacy/archives/<uuid:archive_id>/", own.public_id, reached("viewer")),
        _asked(
            f"{settings}/privacy/archives/<uuid:archive_id>/",
            whole.public_id,
            reached("owner", refused=("company_admin", *NO_MANAGERS)),
        ),
        _asked("accounts/privacy/archives/<uuid:archive_id>/", whole.public_id, reached()),
        _asked(
            f"{settings}/privacy/archives/<uuid:archive_id>/",
            own.public_id,
            reached(refused=("company_admin", *NO_MANAGERS)),
        ),
        _asked("accounts/sessions/<uuid:public_id>/revoke/", session.public_id, reached("viewer", answer=302), "post"),
    ]


def notification_requests(company: Company, cast: dict[str, User]) -> list[Asked]:
    """What one member was told."""
    notices.notify(
        kind="company_erased",
        people=[cast["viewer"]],
        key="for the matrix",
        at=timezone.now(),
        fields={"company": company.name},
        company=company,
    )
    told = Notification.objects.get(recipient=cast["viewer"], kind="company_erased").public_id
    mail = OutboxMessage.objects.create(channel="email", recipients="viewer@savanna.example").public_id
    center, api = "customer/notifications/<uuid:public_id>/", "api/customer/notifications/<uuid:public_id>/"
    return [
        _asked(center, told, reached("viewer", answer=302)),
        _asked(f"{center}read/", told, reached("viewer", answer=302), "post"),
        _asked(api, told, reached("viewer", anonymous=401)),
        _asked(f"{api}read/", told, reached("viewer", anonymous=401), "patch"),
        _asked("outbox/<uuid:public_id>/", mail, reached(*STAFF)),
        _asked("outbox/<uuid:public_id>/html/", mail, reached(*STAFF)),
    ]


def team_requests(company: Company, cast: dict[str, User]) -> list[Asked]:
    """A developer in the team, one proposed, and the decisions about them."""
    now, owner, staff = timezone.now(), cast["owner"], cast["staff"]
    mine = cast["developer"].developer
    mine.cv.save("cv.pdf", pdf("cv.pdf"))
    active = AssignmentFactory.create(company=company, developer=mine, active=True)
    proposed = assignments.propose(company=company, developer=DeveloperFactory.create(), by=staff, at=now)
    waiting = assignments.decision_on(proposed)
    applied = DeveloperFactory.create(pending=True)
    community.apply(developer=applied, at=now)
    removal = removals.ask(assignment=active, by=owner, at=now, reason="The work is done.")
    team, queue = "customer/team/<uuid:public_id>/", "customer/team/approvals/<uuid:public_id>/"
    api, admin = "api/customer/approvals/<uuid:public_id>/", "api/admin/approvals/<uuid:public_id>/"
    approvers = {"refused": NO_MANAGERS}
    seen = {**reached("support", "staff", anonymous=401, otherwise=403), "finance": 404}
    return [
        _asked(team, mine.public_id, reached(*TEAM)),
        _asked(f"{team}cv/", mine.public_id, reached(*MANAGERS, **approvers)),
        _asked(f"{team}remove/", mine.public_id, reached(*MANAGERS, **approvers)),
        _asked(f"{team}keep/", mine.public_id, reached(*MANAGERS, answer=302, **approvers), "post"),
        _asked("developer/companies/<uuid:public_id>/", active.public_id, reached("developer")),
        _asked(queue, waiting.public_id, reached(*TEAM)),
        _asked(f"{queue}decide/", waiting.public_id, reached(*MANAGERS, **approvers), "post"),
        _asked(api, waiting.public_id, reached(*TEAM, anonymous=401)),
        _asked(f"{api}approve/", waiting.public_id, reached(*MANAGERS, **approvers, anonymous=401), "post"),
        _asked(f"{api}reject/", waiting.public_id, reached(*MANAGERS, answer=422, **approvers, anonymous=401), "post"),
        _asked(admin, removal.public_id, seen),
        _asked(f"{admin}approve/", removal.public_id, seen, "post"),
        _asked(f"{admin}reject/", removal.public_id, seen | {"support": 422, "staff": 422}, "post"),
        _asked(
            "api/admin/developers/<uuid:developer_id>/approve/",
            applied.public_id,
            reached("support", "staff", anonymous=401, otherwise=403),
            "post",
        ),
        *_by_developer(proposed.developer.public_id, approvers),
    ]


def _by_developer(developer: Any, approvers: dict[str, Any]) -> list[Asked]:
    api = "api/customer/team"
    return [
        _asked(
            f"{api}/{what}/<uuid:developer_id>/",
            developer,
            reached(*MANAGERS, answer=answer, **approvers, anonymous=401),
            "post",
        )
        for what, answer in [("approve", 200), ("reject", 422), ("request-removal", 400)]
    ]


def billing_requests(company: Company) -> list[Asked]:
    """An invoice with its papers, part of it credited."""
    invoice = issued(company, "1000.00")
    note = credit_notes.issue(invoice=invoice, reason="A month less.", today=TODAY, at=AT, by=None, amount=kes(10))
    for file in PaperFile.objects.all():
        archive.make(pk=file.pk)
    billing = "customer/billing"
    payers = reached(*PAYERS, refused=("viewer",))
    return [
        _asked(f"{billing}/invoices/<path:number>/", invoice.number, payers),
        _asked(f"{billing}/invoices/<path:number>.pdf", invoice.number, payers),
        _asked(f"{billing}/credit-notes/<path:number>.pdf", note.number, payers),
        _asked("api/business/v1/invoices/<path:number>/", invoice.number, payers | {"anonymous": 401}),
    ]


def help_requests(company: Company) -> list[Asked]:
    """An article for the company alone."""
    page = article("Only for Savanna", companies=[company])
    return [
        _asked("help/<path:path>/", "only-for-savanna", reached(*TEAM, *STAFF, anonymous=404)),
        _asked("help/<path:path>.pdf", "only-for-savanna", reached(*TEAM, *STAFF, anonymous=404)),
        _asked("api/help/v1/pages/<uuid:id>/", page.translation_key, reached(*TEAM, *STAFF, anonymous=404)),
        _asked("help/feedback/<int:page_id>/", page.pk, reached(*TEAM, *STAFF, anonymous=404)),
    ]


def joining_requests(company: Company, cast: dict[str, User]) -> list[Asked]:
    """A company that one person may ask to join, and the request of another."""
    now = timezone.now()
    EmailAddress.objects.create(user=cast["owner"], email="owner@savanna.example", verified=True, primary=True)
    domains.claim(company=company, domain="savanna.example", by=cast["owner"], at=now)
    asking = UserFactory.create(email="late@savanna.example")
    EmailAddress.objects.create(user=asking, email=asking.email, verified=True, primary=True)
    domains.ask_to_join(company=company, user=asking, at=now)
    waiting = Approval.objects.about(JoinRequest.objects.get()).get()
    queue = "customer/team/approvals/<uuid:public_id>/"
    return [
        _asked("customer/join/<uuid:company_id>/", company.public_id, reached()),
        _asked(queue, waiting.public_id, reached(*TEAM)),
    ]


def _asked(pattern: str, key: Any, answers: dict[str, int], method: str = "get") -> Asked:
    start, _, rest = pattern.partition("<")
    return Asked(pattern, f"/{start}{key}{rest.partition('>')[2]}", answers, method)


def _archive(person: User, company: Company | None) -> Any:
    archive = archives.ask(person=person, company=company, at=timezone.now())
    archives.build(pk=archive.pk)
    return archive
