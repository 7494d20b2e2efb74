"""What linked people reach at Labs, and whose projects that is."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.notifications.models import Notification
from portal.projects.labs import showing
from portal.projects.models import LabsAccount, LabsProject, LabsReading, Project
from portal.projects.services.labs import linking, reading, tokens
from tests.billing.payments.gateways.servers import Answer
from tests.cast import client_of
from tests.factories import MembershipFactory, ProjectFactory
from tests.portal.core.threads import race
from tests.portal.projects.labs.server import BARN, JANE, JOHN, SHOP, Labs

SHOP_ROW, BARN_ROW = {"id": 5, "uuid": SHOP, "name": "Farm shop"}, {"id": 6, "uuid": BARN, "name": "Barn"}


def read(account: LabsAccount) -> LabsReading:
    """Have Labs asked now."""
    reading.queue(account=account, at=timezone.now())
    job = LabsReading.objects.filter(account=account, state="queued").get()
    assert reading.perform(job.pk)
    job.refresh_from_db()
    return job


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_project_is_joined_by_its_identifier_and_tells_of_itself(
    labs: Labs, owner: User, company: Company, linked: Any, wrapped: bool
) -> None:
    labs.wrapped, labs.products = wrapped, [SHOP_ROW, BARN_ROW]
    labs.details = {
        "milestones 5": [{"name": "Beta", "due_date": "2026-12-01", "status": "open"}],
        "releases 5": [{"name": "1.0", "release_date": "2026-11-01"}],
        "insights 5": {"open_issues": 1234, "velocity": 3.5, "secret": "x"},
    }
    project = ProjectFactory.create(company=company, name="Shop", labs_uuid=SHOP)
    job = read(linked(owner))
    assert (job.state, job.result) == ("done", "ok")
    row = LabsProject.objects.get(key=SHOP)
    assert (row.state, row.project, row.usage) == ("joined", project, {"open_issues": 1234, "velocity": 3.5})
    shown = showing.of_project(project, at=timezone.now())
    assert shown is not None
    assert shown["figures"] == [{"label": "Open issues", "value": "1,234"}, {"label": "Velocity", "value": "3.50"}]
    assert shown["milestones"] == [{"title": "Beta", "note": "Open, 1 December 2026"}]
    assert ActivityEvent.objects.filter(verb="project.labs_joined", company=company).count() == 1
    waiting = LabsProject.objects.get(key=BARN)
    assert (waiting.state, waiting.company, waiting.project) == ("waiting", company, None)
    page = client_of(owner).get(reverse("project", args=[project.public_id])).content.decode()
    assert "At Buildly Labs" in page
    assert "1,234" in page


@pytest.mark.parametrize(
    ("address", "is_joined"),
    [
        ("{url}/products/{uuid}", True),
        ("{url}/products/{uuid}/board", True),
        ("{url}/products/5/", True),
        ("{url}/organizations/5/", False),
        ("https://elsewhere.example/products/{uuid}", False),
        ("{url}/products/55", False),
        ("", False),
    ],
)
def test_a_project_is_joined_by_the_address_that_staff_wrote(
    labs: Labs, owner: User, company: Company, linked: Any, address: str, is_joined: bool
) -> None:
    labs.products = [SHOP_ROW]
    project = ProjectFactory.create(company=company, labs_url=address.format(url=labs.url, uuid=SHOP))
    read(linked(owner))
    project.refresh_from_db()
    assert (str(project.labs_uuid) == SHOP) is is_joined
    assert LabsProject.objects.filter(project=project).exists() is is_joined


def test_by_name_it_is_only_suggested(labs: Labs, owner: User, company: Company, linked: Any) -> None:
    labs.products = [SHOP_ROW]
    project = ProjectFactory.create(company=company, name="FARM SHOP")
    read(linked(owner))
    row = LabsProject.objects.get()
    assert (row.state, row.project, row.suggestion) == ("waiting", None, project)


@pytest.mark.parametrize("field", ["uuid", "address", "name"])
def test_nothing_of_another_company_is_matched_or_suggested(
    labs: Labs, owner: User, other_company: Company, linked: Any, field: str
) -> None:
    labs.products, labs.details = [SHOP_ROW], {"insights 5": {"open_issues": 7}}
    values = {"uuid": {"labs_uuid": SHOP}, "address": {"labs_url": f"{labs.url}/products/{SHOP}"}, "name": {}}[field]
    theirs = ProjectFactory.create(company=other_company, name="Farm shop", **values)
    before = Project.objects.values().get(pk=theirs.pk)
    read(linked(owner))
    row = LabsProject.objects.get()
    assert (row.state, row.project, row.suggestion, row.usage) == ("waiting", None, None, {})
    assert row.company != other_company
    assert Project.objects.values().get(pk=theirs.pk) == before
    assert labs.count("/api/v1/insights") == 0


def test_figures_of_another_companys_project_are_not_read_by_a_stranger(
    labs: Labs, owner: User, stranger: User, company: Company, linked: Any
) -> None:
    labs.products, labs.details = [SHOP_ROW], {"insights 5": {"open_issues": 7}}
    project = ProjectFactory.create(company=company, labs_uuid=SHOP)
    read(linked(owner))
    labs.details = {"insights 5": {"open_issues": 99}}
    read(linked(stranger, JANE))
    assert LabsProject.objects.get(project=project).usage == {"open_issues": 7}
    assert project.name not in client_of(stranger).get("/accounts/labs/").content.decode()


def test_who_has_two_companies_and_one_at_labs_is_thought_to_mean_that_one(
    labs: Labs, owner: User, company: Company, other_company: Company, linked: Any
) -> None:
    labs.products = [SHOP_ROW]
    MembershipFactory.create(user=owner, company=other_company)
    account = linked(owner)
    read(account)
    assert LabsProject.objects.get().company is None
    Company.objects.filter(pk=other_company.pk).update(is_labs_customer=True)
    read(account)
    assert LabsProject.objects.get().company == other_company


def test_a_token_that_is_over_is_renewed_first_and_the_new_pair_kept(labs: Labs, owner: User, linked: Any) -> None:
    account = linked(owner, over=True)
    old = account.refresh_token
    assert read(account).result == "ok"
    account.refresh_from_db()
    assert account.refresh_token != old
    assert old not in labs.refresh
    assert labs.access[account.access_token] == JOHN
    assert account.refresh_ends_at is None


def test_a_refresh_token_that_labs_does_not_exchange_stays(labs: Labs, owner: User, linked: Any) -> None:
    labs.rotates = False
    account = linked(owner, over=True)
    old = account.refresh_token
    assert read(account).result == "ok"
    account.refresh_from_db()
    assert account.refresh_token == old


def test_a_token_that_labs_refuses_early_is_renewed_once(labs: Labs, owner: User, linked: Any) -> None:
    account = linked(owner)
    labs.access.clear()
    assert read(account).result == "ok"
    assert labs.count("/oauth/token") == 1


def test_a_link_that_cannot_be_renewed_is_refused_and_told_once(labs: Labs, owner: User, linked: Any) -> None:
    account = linked(owner, over=True)
    labs.refresh.clear()
    assert [read(account).result, read(account).result] == ["refused", "refused"]
    account.refresh_from_db()
    assert account.state == "refused"
    assert Notification.objects.filter(recipient=owner, kind="labs_refused").count() == 1
    assert reading.queue_all(at=timezone.now()) == 0


def test_an_outage_keeps_everything_and_accuses_nobody(labs: Labs, owner: User, company: Company, linked: Any) -> None:
    labs.products, labs.details = [SHOP_ROW], {"insights 5": {"open_issues": 7}}
    ProjectFactory.create(company=company, labs_uuid=SHOP)
    account = linked(owner)
    read(account)
    labs.faults["/api/v1/products"] = lambda asked: Answer({}, 503)
    assert read(account).result == "unreachable"
    account.refresh_from_db()
    assert account.state == "unreachable"
    assert LabsProject.objects.get().usage == {"open_issues": 7}
    assert account.reaches.count() == 1
    assert not Notification.objects.filter(kind="labs_refused").exists()


def test_what_is_reached_no_more_goes_unless_it_is_joined(
    labs: Labs, owner: User, company: Company, linked: Any
) -> None:
    labs.products = [SHOP_ROW, BARN_ROW]
    ProjectFactory.create(company=company, labs_uuid=SHOP)
    account = linked(owner)
    read(account)
    labs.products = []
    read(account)
    assert list(LabsProject.objects.values_list("key", flat=True)) == [SHOP]
    linking.unlink(user=owner, at=timezone.now())
    assert list(LabsProject.objects.values_list("key", flat=True)) == [SHOP]
    assert not LabsReading.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_renewals_at_once_use_a_refresh_token_once(labs: Labs, owner: User, linked: Any) -> None:
    labs.thinks_seconds = 0.3
    account = linked(owner, over=True)
    got = race(lambda _number: tokens.fresh(account=LabsAccount.objects.get(pk=account.pk)).access_token, threads=4)
    assert len(set(got)) == 1
    assert labs.access[str(got[0])] == JOHN
    assert labs.count("/oauth/token") == 1
