"""Looking companies and editors up in the admin: for those whose work needs it."""

import pytest
from django.contrib.auth.models import Permission

from portal.accounts.models import Company, User
from tests.cast import client_of
from tests.factories import UserFactory

COMPANIES, EDITORS = "/admin/company_chooser/", "/admin/editor_chooser/"


@pytest.fixture
def bare(db: None) -> User:
    """Somebody who may enter the admin, and nothing more."""
    user = UserFactory.create(email="bare@portal.example")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


def addresses(start: str, pk: int) -> list[str]:
    """All that a chooser answers at."""
    return [start, f"{start}results/", f"{start}chosen/{pk}/", f"{start}chosen-multiple/?id={pk}", f"{start}create/"]


@pytest.mark.parametrize(
    ("start", "who", "is_let_in"),
    [
        (COMPANIES, "editor", True),
        (COMPANIES, "support", True),
        (COMPANIES, "finance", True),
        (COMPANIES, "staff", True),
        (COMPANIES, "bare", False),
        (EDITORS, "editor", True),
        (EDITORS, "staff", True),
        (EDITORS, "support", False),
        (EDITORS, "finance", False),
        (EDITORS, "bare", False),
    ],
)
def test_choosers_are_for_those_who_need_them(
    start: str, who: str, is_let_in: bool, company: Company, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(who)
    client, pk = client_of(user), company.pk if start == COMPANIES else user.pk
    if is_let_in:
        assert client.get(start).status_code == 200
        return
    for address in addresses(start, pk):
        # The dialog asks by script; a page that is typed in leads to the admin's first one, as everywhere there.
        asked = client.get(address, headers={"x-requested-with": "XMLHttpRequest"})
        typed = client.get(address)
        assert (asked.status_code, typed.status_code, typed["Location"]) == (403, 302, "/admin/")
        assert "Savanna" not in asked.text


@pytest.mark.parametrize("who", ["owner", "developer", "anonymous"])
def test_people_outside_the_admin_are_led_to_sign_in(
    who: str, company: Company, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(who))
    for address in (*addresses(COMPANIES, company.pk), *addresses(EDITORS, 1)):
        answer = client.get(address)
        assert answer.status_code in (302, 403)
        assert "Savanna" not in answer.text


def test_companies_are_found_by_part_of_the_name(support: User, company: Company, other_company: Company) -> None:
    Company.objects.create(name="Savanna Closed", slug="savanna-closed", is_active=False)
    found = client_of(support).get(f"{COMPANIES}results/?q=vanna").text
    assert ("Savanna Foods" in found, "Ridgeline" in found, "Savanna Closed" in found) == (True, False, False)
