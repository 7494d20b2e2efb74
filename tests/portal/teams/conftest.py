"""A team in the making: what the services tests start from."""

from datetime import UTC, datetime

import pytest

from portal.accounts.models import Company, User
from portal.approvals import services as approvals
from portal.teams.models import Assignment, Developer
from portal.teams.services import assignments
from tests.factories import AgencyFactory, DeveloperFactory, UserFactory

AT = datetime(2026, 2, 10, 9, tzinfo=UTC)


@pytest.fixture
def amina(db: None) -> Developer:
    """An approved developer of an agency whose admin is told too."""
    agency = AgencyFactory.create(name="Talent Works")
    agency.admins.add(UserFactory.create(email="boss@talent.example"))
    user = UserFactory.create(email="amina@talent.example", first_name="Amina", last_name="Hassan")
    return DeveloperFactory.create(user=user, agency=agency)


@pytest.fixture
def proposed(
    company: Company, owner: User, company_admin: User, viewer: User, amina: Developer, staff: User
) -> Assignment:
    """Amina, proposed to the company by staff."""
    return assignments.propose(company=company, developer=amina, by=staff, at=AT, note="Knows payroll.")


@pytest.fixture
def active(proposed: Assignment, owner: User) -> Assignment:
    """Amina in the company's team."""
    approvals.approve(approval=assignments.decision_on(proposed), by=owner, at=AT)
    proposed.refresh_from_db()
    return proposed
