"""What staff say of projects at Labs, what archives hold, and what is forgotten."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Company, User
from portal.core.privacy import Erasing, company_exporters, person_exporters
from portal.projects.labs import privacy
from portal.projects.models import LabsAccount, LabsProject, LabsReach, LabsReading, Project
from portal.projects.services.labs import deciding
from portal.projects.services.projects import NameTaken
from tests.cast import client_of
from tests.factories import ProjectFactory
from tests.portal.projects.labs.server import BARN, JANE, SHOP

LIST = "wagtailsnippets_projects_labsproject"


def reached_by(account: LabsAccount, key: str = SHOP, **fields: Any) -> LabsProject:
    """A project at Labs that waits, reached by an account."""
    values = {"uuid": key, "number": "5", "name": "Farm shop", "first_seen_at": timezone.now(), **fields}
    row, _ = LabsProject.objects.get_or_create(key=key, defaults=values)
    LabsReach.objects.create(account=account, labs_project=row)
    return row


def test_staff_join_it_to_a_project_and_labs_is_asked(
    owner: User, support: User, company: Company, linked: Any
) -> None:
    account = linked(owner)
    row, project = reached_by(account), ProjectFactory.create(company=company)
    client = client_of(support)
    assert client.get(reverse(f"{LIST}:list")).status_code == 200
    response = client.post(reverse(f"{LIST}:join", args=[row.pk]), {"project": project.pk})
    assert response.status_code == 302
    row.refresh_from_db()
    project.refresh_from_db()
    assert (row.state, row.project, row.decided_by, str(project.labs_uuid)) == ("joined", project, support, SHOP)
    assert LabsReading.objects.filter(account=account).count() == 1


def test_staff_make_a_project_for_it(owner: User, support: User, company: Company, linked: Any) -> None:
    row = reached_by(linked(owner), url="https://labs.example/products/5")
    client_of(support).post(reverse(f"{LIST}:make", args=[row.pk]), {"company": company.pk, "name": "Farm shop"})
    made = Project.objects.get(company=company)
    assert (made.name, made.type, made.status, made.labs_url) == (
        "Farm shop",
        "labs",
        "planning",
        "https://labs.example/products/5",
    )
    assert LabsProject.objects.get(pk=row.pk).project == made


def test_a_name_that_the_company_has_is_refused_and_nothing_changes(
    owner: User, support: User, company: Company, linked: Any
) -> None:
    row = reached_by(linked(owner))
    ProjectFactory.create(company=company, name="Farm shop")
    with pytest.raises(NameTaken):
        deciding.make(row=row, company=company, name="Farm shop", by=support, at=timezone.now())
    row.refresh_from_db()
    assert (row.state, row.project, Project.objects.count()) == ("waiting", None, 1)


def test_it_is_never_given_to_a_company_of_which_nobody_reaches_it(
    owner: User, support: User, other_company: Company, linked: Any
) -> None:
    row, theirs = reached_by(linked(owner)), ProjectFactory.create(company=other_company)
    client = client_of(support)
    for name, posted in (("join", {"project": theirs.pk}), ("make", {"company": other_company.pk, "name": "x"})):
        assert client.post(reverse(f"{LIST}:{name}", args=[row.pk]), posted).status_code == 200
    with pytest.raises(deciding.NotTheirs):
        deciding.join(row=row, project=theirs, by=support, at=timezone.now())
    with pytest.raises(deciding.NotTheirs):
        deciding.make(row=row, company=other_company, name="x", by=support, at=timezone.now())
    row.refresh_from_db()
    theirs.refresh_from_db()
    assert (row.state, row.project, theirs.labs_uuid, Project.objects.count()) == ("waiting", None, None, 1)


def test_one_project_stands_for_one_at_labs(owner: User, support: User, company: Company, linked: Any) -> None:
    account = linked(owner)
    first, second = reached_by(account), reached_by(account, BARN)
    project = ProjectFactory.create(company=company)
    deciding.join(row=first, project=project, by=support, at=timezone.now())
    with pytest.raises(deciding.ProjectTaken):
        deciding.join(row=second, project=project, by=support, at=timezone.now())
    with pytest.raises(deciding.DecidedAlready):
        deciding.leave_out(row=first, by=support, at=timezone.now())
    assert LabsProject.objects.get(project=project) == first


def test_what_is_left_out_can_be_joined_later(owner: User, support: User, company: Company, linked: Any) -> None:
    row, project = reached_by(linked(owner)), ProjectFactory.create(company=company)
    client_of(support).post(reverse(f"{LIST}:leave_out", args=[row.pk]))
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("left_out", support)
    assert deciding.join(row=row, project=project, by=support, at=timezone.now()).state == "joined"


def test_finance_and_customers_decide_nothing(owner: User, finance: User, company: Company, linked: Any) -> None:
    row = reached_by(linked(owner))
    for person in (finance, owner):
        response = client_of(person).post(reverse(f"{LIST}:leave_out", args=[row.pk]))
        assert response.status_code in (302, 403)
    row.refresh_from_db()
    assert row.state == "waiting"


def test_archives_hold_the_link_without_its_tokens(owner: User, company: Company, linked: Any) -> None:
    account = linked(owner)
    row = reached_by(account)
    deciding.offers.join(row=row, project=ProjectFactory.create(company=company), by=None, at=timezone.now())
    told = [list(person_exporters.get(name).records(owner)) for name in ("labs_account", "labs_projects")]
    told.append(list(company_exporters.get("labs_projects").records(company)))
    assert [len(rows) for rows in told] == [1, 1, 1]
    assert account.access_token not in str(told)
    assert account.refresh_token not in str(told)


def test_an_erased_person_leaves_no_token_and_no_project_that_nobody_else_reaches(
    owner: User, stranger: User, linked: Any
) -> None:
    reached_by(linked(owner))
    reached_by(linked(stranger, JANE), BARN)
    privacy.erase_person(Erasing(owner, "x", frozenset(), timezone.now()))
    assert list(LabsAccount.objects.values_list("user", flat=True)) == [stranger.pk]
    assert list(LabsProject.objects.values_list("key", flat=True)) == [BARN]


def test_an_erased_company_leaves_nothing_that_labs_told(owner: User, company: Company, linked: Any) -> None:
    account = linked(owner)
    row = reached_by(account)
    deciding.offers.join(row=row, project=ProjectFactory.create(company=company), by=None, at=timezone.now())
    reached_by(account, BARN, company=company)
    privacy.erase_company(Erasing(company, "x", frozenset(), timezone.now()))
    assert not LabsProject.objects.exists()
    assert Project.objects.count() == 1
