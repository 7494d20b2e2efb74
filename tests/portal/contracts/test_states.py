"""States of contracts and of those who sign them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.contracts import days
from portal.contracts.models import BillingPeriod, Contract, ContractLineItem, Signer
from tests.portal.core.state_matrix import assert_state_matrix

AT = datetime(2026, 2, 10, 9, tzinfo=UTC)
ENDED = {"at": AT, "reason": "The start has moved."}


def test_contract_states() -> None:
    assert_state_matrix(
        lambda state: Contract(status=state or "draft"),
        {
            "send": {"draft": "sent"},
            "take_back": {"sent": "draft"},
            "complete": {"sent": "signed"},
            "begin": {"signed": "active"},
            "expire": {"sent": "expired", "active": "expired"},
            "terminate": {"signed": "terminated", "active": "terminated"},
            "cancel": {"draft": "cancelled", "sent": "cancelled"},
            "decline": {"sent": "declined"},
        },
        arguments={
            "send": {"at": AT},
            "complete": {"at": AT},
            "expire": {"at": AT},
            "terminate": ENDED,
            "cancel": ENDED,
            "decline": ENDED,
        },
    )


def test_signer_states() -> None:
    assert_state_matrix(
        lambda state: Signer(status=state or "waiting"),
        {
            "invite": {"waiting": "invited"},
            "start_again": {"invited": "waiting", "signed": "waiting"},
            "sign": {"invited": "signed"},
            "decline": {"invited": "declined"},
            "delegate": {"invited": "delegated"},
        },
        arguments={"invite": {"at": AT}},
    )


def test_line_item_states() -> None:
    assert_state_matrix(
        lambda state: ContractLineItem(status=state or "pending"),
        {
            "begin": {"pending": "active"},
            "pause": {"active": "paused"},
            "resume": {"paused": "active"},
            "complete": {"active": "completed", "paused": "completed"},
        },
    )


def test_billing_period_states() -> None:
    assert_state_matrix(
        lambda state: BillingPeriod(status=state or "pending"),
        {
            "invoice": {"pending": "invoiced", "paid": "invoiced", "overdue": "invoiced"},
            "settle": {"pending": "paid", "invoiced": "paid", "overdue": "paid"},
            "fall_overdue": {"pending": "overdue", "invoiced": "overdue", "paid": "overdue"},
            "withdraw": {
                "pending": "cancelled",
                "invoiced": "cancelled",
                "paid": "cancelled",
                "overdue": "cancelled",
            },
            "reinstate": {"cancelled": "pending"},
        },
    )


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 1), 12, date(2027, 3, 1)),
    ],
)
def test_months_keep_the_day_where_there_is_one(day: date, months: int, later: date) -> None:
    assert days.months_later(day, months) == later
    assert days.apart(day, later) == (months, 0)


@given(
    start=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    length=st.integers(0, 4000),
)
def test_months_and_days_apart_add_up(start: date, length: int) -> None:
    end = date.fromordinal(start.toordinal() + length)
    months, left = days.apart(start, end)
    assert date.fromordinal(days.months_later(start, months).toordinal() + left) == end
    assert 0 <= left <= 30
