"""Those who have yet to sign are reminded."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.accounts.models import Company, User
from portal.contracts.services import evidence, reminding
from portal.notifications.models import Notification
from tests.portal.contracts.drawn import sent

pytestmark = pytest.mark.django_db
INVITED = date(2026, 1, 5)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 6, tzinfo=UTC)


def days_told(company: Company, owner: User, staff: User, *, asked_on: list[int]) -> list[int]:
    """On which days after the invitation the owner is reminded, when it is looked at on these days, twice each."""
    contract = sent(company, by=staff, people=[owner], vendor=[staff], offer_ends_on=INVITED + timedelta(days=20))
    found = []
    for number in asked_on:
        day = INVITED + timedelta(days=number)
        counts = [reminding.remind(today=day, at=at(day)) for _again in range(2)]
        assert counts[1] == 0
        found += [number] if counts[0] else []
    told = Notification.objects.filter(recipient=owner, kind="contract_reminder").count()
    assert told == len(found) == contract.evidence.filter(kind="reminded").count()
    assert evidence.verify(contract) == 2 + len(found)
    return found


def test_three_and_seven_days_later_and_two_days_before_the_end(company: Company, owner: User, staff: User) -> None:
    assert days_told(company, owner, staff, asked_on=list(range(21))) == [3, 7, 18]


def test_what_was_missed_becomes_one_reminder(company: Company, owner: User, staff: User) -> None:
    assert days_told(company, owner, staff, asked_on=[2, 9, 10, 20]) == [9, 20]


def test_nobody_is_reminded_of_an_offer_that_is_over(company: Company, owner: User, staff: User) -> None:
    assert days_told(company, owner, staff, asked_on=[21, 30]) == []


def test_only_who_was_asked_is_reminded(company: Company, owner: User, staff: User) -> None:
    sent(company, by=staff, people=[owner], vendor=[staff])
    reminding.remind(today=INVITED + timedelta(days=3), at=at(INVITED + timedelta(days=3)))
    reminded = Notification.objects.filter(kind="contract_reminder").values_list("recipient", "url")
    contract = owner.memberships.get().company.contracts.get()
    assert list(reminded) == [(owner.pk, f"/customer/contracts/{contract.public_id}/sign/")]
