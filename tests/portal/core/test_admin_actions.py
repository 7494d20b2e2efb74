"""Pages on which staff do one thing, and addresses of the admin that lead nowhere."""

import pytest
from django.urls import reverse

from portal.accounts.models import User
from portal.teams.models import Developer
from tests.cast import client_of
from tests.factories import AssignmentFactory


@pytest.mark.parametrize(
    ("name", "heading"), [("propose", "Propose to a company"), ("exclude", "Take out of the comm")]
)
def test_a_page_says_what_is_done_about_whom_and_leads_back(staff: User, name: str, heading: str) -> None:
    developer: Developer = AssignmentFactory.create().developer
    page = client_of(staff).get(reverse(f"wagtailsnippets_teams_developer:{name}", args=[developer.pk]))
    words = " ".join(page.content.decode().split())
    assert f'id="header-title">{heading}' in words
    assert f'<span class="w-font-normal">{developer}</span>' in words
    assert 'href="/admin/snippets/teams/developer/">Cancel</a>' in words
    assert words.count('type="submit"') == words.count('data-w-progress-target="label"') == 1


def test_an_address_of_the_admin_that_leads_nowhere_says_so_in_our_words(staff: User) -> None:
    answer = client_of(staff).get("/admin/nowhere/")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "There is nothing at this address, or it is not yours to see." in page
    assert "Wagtail admin" not in page
