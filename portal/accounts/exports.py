"""What accounts has of a person and of a company, for their archives."""

from collections.abc import Iterable, Iterator

from allauth.account.models import EmailAddress
from django.db.models import F

from portal.accounts import roles
from portal.accounts.models import Company, Consent, Invitation, SignIn, TokenFamily, User, VerificationDocument
from portal.core.privacy import Exporter, KeptFile, Record

FLAGS = ("can_approve_developers", "can_sign_contracts", "can_manage_billing")
PROFILE = [
    "name",
    "legal_name",
    "registration_number",
    "country",
    "currency",
    "industry",
    "size",
    "website",
    "email",
    "phone",
    "tax_id",
    "billing_email",
    "billing_street",
    "billing_city",
    "billing_region",
    "billing_postal_code",
    "billing_country",
    "is_labs_customer",
    "labs_url",
    "email_domain",
    "email_domain_verified_at",
    "verification",
    "verified_at",
    "verification_ends_on",
    "created_at",
]


def account(user: User) -> Iterator[Record]:
    """Who the person is, and how they sign in."""
    yield {
        "id": user.public_id,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "joined_at": user.joined_at,
        "last_login": user.last_login,
        "second_factor_at": user.second_factor_at,
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
    }


def memberships(user: User) -> Iterable[Record]:
    """Companies that the person belongs to."""
    rows = user.memberships.order_by("pk")
    return rows.values("role", *FLAGS, "created_at", "last_seen_at", company_name=F("company__name")).iterator()


def consents(user: User) -> Iterable[Record]:
    """What the person agreed to."""
    rows = user.consents.order_by("given_at", "pk")
    return rows.values("given_at", "withdrawn_at", kind=F("text__kind"), version=F("text__version")).iterator()


def sign_ins(user: User) -> Iterable[Record]:
    """Browsers that the person signed in with."""
    rows = SignIn.objects.filter(user=user).order_by("pk")
    return rows.values("device", "address", "signed_in_at", "last_seen_at", "ended_at").iterator()


def programs(user: User) -> Iterable[Record]:
    """Programs that were signed in for the person."""
    rows = TokenFamily.objects.filter(user=user).order_by("pk")
    return rows.values("started_at", "used_at", "expires_at", "ended_at", company_name=F("company__name")).iterator()


def invitations(user: User) -> Iterable[Record]:
    """Invitations to confirmed addresses of the person."""
    proven = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    rows = Invitation.objects.filter(email__in=[address.lower() for address in proven]).order_by("pk")
    return rows.values("email", "role", "status", "sent_at", "expires_at", company_name=F("company__name")).iterator()


def join_requests(user: User) -> Iterable[Record]:
    """Companies that the person asked to join."""
    return user.join_requests.order_by("pk").values("message", "asked_at", company_name=F("company__name")).iterator()


def profile(company: Company) -> Iterator[Record]:
    """Who the company is."""
    yield {"id": company.public_id, **{name: getattr(company, name) for name in PROFILE}}


def logo(company: Company) -> Iterator[KeptFile]:
    """Its logo."""
    if company.logo:
        yield KeptFile("logo.png", company.logo)


def members(company: Company) -> Iterator[Record]:
    """Who belongs to the company."""
    for membership in company.memberships.with_people().iterator():
        yield {
            "name": str(membership.user),
            "email": membership.user.email,
            "role": membership.role,
            **{flag: getattr(membership, flag) for flag in roles.default_flags(membership.role)},
            "created_at": membership.created_at,
            "last_seen_at": membership.last_seen_at,
        }


def invited(company: Company) -> Iterable[Record]:
    """Whom the company invited."""
    rows = Invitation.objects.for_company(company).order_by("pk")
    return rows.values("email", "role", *FLAGS, "status", "sent_at", "expires_at", "closed_at").iterator()


def asking_to_join(company: Company) -> Iterable[Record]:
    """Who asked to join."""
    rows = company.join_requests.order_by("pk")
    return rows.values("message", "asked_at", email=F("user__email")).iterator()


def company_consents(company: Company) -> Iterable[Record]:
    """What was agreed to for the company."""
    rows = Consent.objects.filter(company=company).order_by("given_at", "pk")
    return rows.values("given_at", kind=F("text__kind"), version=F("text__version"), by=F("user__email")).iterator()


def verifications(company: Company) -> Iterator[Record]:
    """Its verifications with their papers."""
    for verification in company.verifications.order_by("pk").prefetch_related("documents"):
        yield {
            "status": verification.status,
            "submitted_at": verification.submitted_at,
            "closed_at": verification.closed_at,
            "reason": verification.reason,
            "documents": [
                {"file": _name(paper), "name": paper.name, "sha256": paper.sha256, "expires_on": paper.expires_on}
                for paper in verification.documents.all()
            ],
        }


def papers(company: Company) -> Iterator[KeptFile]:
    """The papers themselves."""
    for paper in VerificationDocument.objects.filter(verification__company=company).order_by("pk"):
        yield KeptFile(_name(paper), paper.file)


def _name(paper: VerificationDocument) -> str:
    return f"{paper.verification_id}-{paper.kind}-{paper.name}"


PERSON = {
    "account": Exporter(account),
    "memberships": Exporter(memberships),
    "consents": Exporter(consents),
    "sign-ins": Exporter(sign_ins),
    "programs": Exporter(programs),
    "invitations": Exporter(invitations),
    "join-requests": Exporter(join_requests),
}
COMPANY = {
    "company": Exporter(profile, logo),
    "members": Exporter(members),
    "invitations": Exporter(invited),
    "join-requests": Exporter(asking_to_join),
    "consents": Exporter(company_consents),
    "verification": Exporter(verifications, papers),
}
