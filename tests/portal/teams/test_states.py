"""States of developers and assignments, and the days between them."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from portal.teams.models import Assignment, Developer
from tests.factories import AssignmentFactory, CompanyFactory, DeveloperFactory
from tests.portal.core.state_matrix import assert_state_matrix

TODAY = date(2026, 2, 10)


def test_developer_states() -> None:
    assert_state_matrix(
        lambda state: Developer(status=state or "pending"),
        {
            "approve": {"pending": "approved"},
            "reject": {"pending": "rejected"},
            "exclude": {"approved": "rejected"},
            "apply_again": {"rejected": "pending"},
        },
    )


def test_assignment_states() -> None:
    assert_state_matrix(
        lambda state: Assignment(status=state or "proposed"),
        {
            "start": {"proposed": "active"},
            "decline": {"proposed": "rejected"},
            "give_notice": {"active": "notice"},
            "withdraw_notice": {"notice": "active"},
            "end": {"notice": "ended"},
        },
        arguments={"start": {"today": TODAY}, "give_notice": {"today": TODAY}},
    )


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_notice_is_thirty_days_of_access_whatever_the_month(day: date) -> None:
    assignment = Assignment(status="active", starts_on=day)
    assignment.give_notice(today=day)
    days = [day + timedelta(days=number) for number in range(32)]
    assert [assignment.gives_access(today=each) for each in days] == [True] * 30 + [False] * 2
    assert [assignment.days_left(today=each) for each in days] == [*range(30, 0, -1), 0, 0]


@pytest.mark.parametrize(
    ("decided", "ends"),
    [
        (date(2028, 1, 30), date(2028, 2, 29)),  # a leap year
        (date(2027, 1, 30), date(2027, 3, 1)),
        (date(2026, 12, 15), date(2027, 1, 14)),
    ],
)
def test_notice_ends_thirty_days_after_the_decision(decided: date, ends: date) -> None:
    assignment = Assignment(status="active", starts_on=decided)
    assignment.give_notice(today=decided)
    assert assignment.ends_on == ends


@pytest.mark.parametrize("state", ["proposed", "rejected", "ended"])
def test_no_access_without_a_place_in_the_team(state: str) -> None:
    assert not Assignment(status=state, ends_on=date(2099, 1, 1)).gives_access(today=TODAY)


@pytest.mark.django_db
def test_rows_and_the_database_agree_on_access() -> None:
    for trait in ("active", "notice", "rejected", "ended"):
        AssignmentFactory.create(**{trait: True})
    AssignmentFactory.create()
    AssignmentFactory.create(notice=True, ends_on=TODAY)
    for day in (TODAY - timedelta(days=1), TODAY, date(2026, 3, 30), date(2026, 3, 31)):
        found = set(Assignment.objects.giving_access(today=day))
        assert found == {row for row in Assignment.objects.all() if row.gives_access(today=day)}, day


@pytest.mark.django_db
def test_inactive_company_and_excluded_developer_give_no_access() -> None:
    AssignmentFactory.create(active=True, company=CompanyFactory.create(is_active=False))
    AssignmentFactory.create(active=True, developer=DeveloperFactory.create(rejected=True))
    assert not Assignment.objects.giving_access(today=TODAY).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"status": "active", "starts_on": None}, "starts_when_active"),
        ({"status": "active", "starts_on": TODAY, "ends_on": TODAY}, "ends_under_notice"),
        ({"status": "notice", "starts_on": TODAY}, "ends_under_notice"),
        ({"status": "ended", "starts_on": TODAY}, "ends_under_notice"),
        ({"status": "proposed", "starts_on": TODAY}, "starts_when_active"),
        ({"status": "notice", "starts_on": TODAY, "ends_on": TODAY - timedelta(days=1)}, "period"),
    ],
)
def test_database_refuses_days_that_do_not_fit_the_state(fields: dict[str, object], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=f"teams_assignment_{constraint}"), transaction.atomic():
        AssignmentFactory.create(**fields)
    assert not Assignment.objects.exists()


@pytest.mark.django_db
def test_one_open_assignment_for_developer_and_company() -> None:
    first = AssignmentFactory.create(notice=True)
    for past in ("rejected", "ended"):
        AssignmentFactory.create(company=first.company, developer=first.developer, **{past: True})
    for trait in ({}, {"active": True}, {"notice": True}):
        with pytest.raises(IntegrityError, match="teams_assignment_one_open"), transaction.atomic():
            AssignmentFactory.create(company=first.company, developer=first.developer, **trait)
    AssignmentFactory.create(developer=first.developer, active=True)
    assert Assignment.objects.open().count() == 2
