"""Widgets of projects."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from portal.accounts.desks import Kind
from portal.accounts.models import Company, User
from portal.core.periods import Period
from portal.core.widgets import Scope
from portal.projects import widgets
from portal.projects.models import Project
from portal.teams.models import Assignment
from tests.factories import (
    MilestoneFactory,
    RepositoryFiguresFactory,
)
from tests.portal.projects.conftest import filled

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def scope(company: Company | None, user: User) -> Scope:
    """A dashboard's view of a desk."""
    request: Any = HttpRequest()
    request.user, request.company = user, company
    day = TODAY()
    return Scope(request=request, period=Period(day - timedelta(days=30), day))


def test_widgets_read_in_as_many_queries_for_twenty_as_for_one(
    company: Company,
    viewer: User,
    developer: User,
    amina: Assignment,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in (1, 19):
        filled(company, number, amina)
        for where in (scope(company, viewer), scope(None, developer)):
            for reader in (widgets.project_status, widgets.repositories, widgets.upcoming):
                with django_assert_num_queries(1):
                    assert reader(where)


def test_widgets_say_what_is_open_and_what_is_old(project: Project, viewer: User, other_company: Company) -> None:
    MilestoneFactory.create(project=project, name="Go live", due_on=TODAY() + timedelta(days=1))
    MilestoneFactory.create(project__company=other_company, name="Foreign")
    old = timezone.now() - timedelta(days=3)
    RepositoryFiguresFactory.create(
        repository__project=project, repository__full_name="octo/shop", repository__state="unreachable",
        repository__synced_at=old,
    )  # fmt: skip
    where = scope(project.company, viewer)
    assert [(one["title"], one["time"]) for one in widgets.upcoming(where)] == [("Go live", "due tomorrow")]
    [status] = widgets.project_status(where)
    assert (status["title"], status["note"]) == ("Farm shop", "0 of 1 milestones reached")
    read = widgets.repositories(where)
    [week], [issues] = widgets.this_week(read), widgets.open_issues(read)
    assert (week["time"], issues["time"]) == ("9 commits", "17 open issues")
    assert week["note"].replace("\xa0", " ") == "From 3 days ago: GitHub did not answer"


@pytest.mark.parametrize(
    "block", [widgets.ProjectStatus, widgets.GitHubWeek, widgets.OpenIssues, widgets.UpcomingMilestones]
)
def test_widgets_draw_previews_waiting_and_empty(block: type[widgets.ProjectWidget]) -> None:
    one = block()
    value = one.to_python({"title": "Mine"})
    context = {"kind": Kind.COMPANY}
    assert "northwind-labs" in one.render(value, context) or "Farm shop" in one.render(value, context)
    empty = one.render(value, {**context, "results": {need: [] for need in one.needs}})
    assert one.nothing[1] in empty
    assert one.nothing[1] not in one.render(value, {**context, "results": {}})
