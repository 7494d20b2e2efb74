"""Profiles, papers and invitations of the demo world: what exists stays as it is."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from portal.accounts import demo_papers
from portal.accounts.models import Company, Invitation, Membership, User, VerificationDocument
from portal.accounts.services import companies as profiles
from portal.accounts.services import domains, invitations, verifications
from portal.approvals import services as approvals
from portal.approvals.models import Approval

STAFF = "staff@portal.example"
PROFILES = {
    "savanna-foods": {
        "legal_name": "Savanna Foods Limited",
        "registration_number": "CPR/2012/84216",
        "tax_id": "P051365947M",
        "industry": "agriculture",
        "size": "51-200",
        "website": "https://savanna.example",
        "email": "hello@savanna.example",
        "phone": "+254712345678",
        "billing_email": "bills@savanna.example",
        "billing_street": "Mombasa Road 14",
        "billing_postal_code": "00100",
        "billing_city": "Nairobi",
    },
    "ridgeline-sacco": {
        "legal_name": "Ridgeline Savings and Credit Co-operative Society",
        "industry": "finance",
        "size": "11-50",
        "email": "office@ridgeline.example",
        "billing_street": "Kenyatta Avenue 3",
        "billing_postal_code": "20100",
        "billing_city": "Nakuru",
    },
    "northwind-labs": {
        "legal_name": "Northwind Labs Inc.",
        "country": "US",
        "industry": "technology",
        "size": "11-50",
        "website": "https://northwind.example",
        "labs_url": "https://labs.example/northwind",
    },
}
REASON = "The tax certificate is of another company. Please upload yours."
INVITED = (
    ("accounts@savanna.example", Membership.Role.BILLING, 0),
    ("depot@savanna.example", Membership.Role.VIEWER, 9),
)


def create(people: Mapping[str, User], companies: Mapping[str, Company]) -> None:
    """Make what is missing; `people` by address, `companies` by slug, with their owners at owner@….example."""
    now = timezone.now()
    for slug, values in PROFILES.items():
        company, owner = companies[slug], people[f"owner@{slug.partition('-')[0]}.example"]
        if not company.legal_name:
            profiles.change(company=company, values=values, by=owner)
        if not company.verifications.exists():
            verify(company, owner, people[STAFF], now)
    Company.objects.filter(slug="northwind-labs").update(is_labs_customer=True)
    invite(companies["savanna-foods"], people["owner@savanna.example"], now)


def verify(company: Company, owner: User, staff: User, now: datetime) -> None:
    """Hand papers in: Savanna's were approved, Northwind's rejected, Ridgeline's wait."""
    for kind in VerificationDocument.REQUIRED:
        paper = demo_papers.scanned(kind=kind, company=company, on=now.date() - timedelta(days=200))
        # Savanna's tax certificate ends soon, so that its members are reminded.
        ends = now.date() + timedelta(days=26) if kind == VerificationDocument.Kind.TAX else None
        verifications.add_document(company=company, kind=kind, upload=paper, by=owner, at=now, expires_on=ends)
    verifications.submit(company=company, by=owner, at=now)
    approval = Approval.objects.for_company(company).pending().get(kind=verifications.KIND)
    if company.slug == "savanna-foods":
        approvals.approve(approval=approval, by=staff, at=now)
    elif company.slug == "northwind-labs":
        approvals.reject(approval=approval, by=staff, at=now, comment=REASON)


def invite(company: Company, owner: User, now: datetime) -> None:
    """One invitation that waits and one that has expired; the domain by which colleagues ask to join."""
    if not company.email_domain:
        domains.claim(company=company, domain="savanna.example", by=owner, at=now)
    for email, role, days in INVITED:
        if not Invitation.objects.for_company(company).filter(email=email).exists():
            sent_at = now - timedelta(days=days)
            invitations.invite(company=company, email=email, role=role, by=owner, at=sent_at)
