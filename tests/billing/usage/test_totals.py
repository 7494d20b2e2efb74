"""What all members of a company used together: proven, filled from what is there, and made where rows were written."""

from datetime import date
from importlib import import_module

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from billing.catalog.models import Product
from billing.usage.models import DailyTotal, DailyUsage
from billing.usage.services import proving, rolling
from portal.accounts.models import Company, User
from tests.billing.usage.figures import metric, used
from tests.billing.usage.world import added_up, event, figures, on, reckoned, recorded

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 18)
PLACE = "payslips of erp at savanna-foods on 2026-03-18"


@pytest.fixture
def counted(erp: Product, sacco: Product, owner: User) -> None:
    """Payslips by a member and by nobody, storage, and another company."""
    recorded(
        erp,
        event(1, value=3),
        event(2, value=4, member=str(owner.public_id)),
        event(3, value=80, metric="storage", occurred_at=on(17)),
    )
    recorded(sacco, event(1, company="ridgeline-sacco", metric="storage", value=12))
    rolling.roll_up()


def test_what_was_rolled_up_is_proven(counted: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(proving.totals_agree()) == []
    call_command("verify_ledger")
    assert "The books agree" in capsys.readouterr().out


@pytest.mark.parametrize("changed", [{"total": 6}, {"events": 1}, {"highest": 9}])
def test_a_total_that_differs_is_named(counted: None, changed: dict[str, int]) -> None:
    DailyTotal.objects.filter(metric__slug="payslips").update(**changed)
    total = changed.get("total", 7)
    assert list(proving.totals_agree()) == [f"{PLACE} has a total of {total}, and its members' figures make 7"]
    with pytest.raises(CommandError, match="has a total of"):
        call_command("verify_ledger")


def test_a_total_too_many_and_one_too_few_are_named(counted: None, company: Company) -> None:
    DailyUsage.objects.filter(metric__slug="payslips").delete()
    assert list(proving.totals_agree()) == [f"{PLACE} has a total of 7, and its members' figures make 0"]
    DailyTotal.objects.filter(metric__slug="payslips").delete()
    assert list(proving.totals_agree()) == []
    DailyTotal.objects.filter(company=company).delete()
    found = "storage of erp at savanna-foods on 2026-03-17 has figures of members and no total"
    assert list(proving.totals_agree()) == [found]


def test_what_the_database_cannot_hold_is_proven_too(erp: Product, company: Company, owner: User, viewer: User) -> None:
    payslips = metric("payslips")
    for user in (owner, viewer):
        used(company, payslips, DAY, 2**63 - 1, by=user, highest=5)
    assert [row[4] for row in added_up()] == [2**63 - 1]
    assert list(proving.totals_agree()) == []


def test_the_migration_fills_what_the_roll_up_makes(counted: None) -> None:
    good = added_up()
    DailyTotal.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(import_module("billing.usage.migrations.0003_daily_totals").FILL)
    assert added_up() == good == reckoned(figures())


def test_totals_are_made_of_these_companies_alone(counted: None, company: Company) -> None:
    good = added_up()
    DailyTotal.objects.update(total=1)
    rolling.add_up(companies=[company.pk])
    assert [row[4] for row in added_up()] == [1, *(row[4] for row in good[1:])]
    DailyUsage.objects.filter(company=company).delete()
    rolling.add_up(companies=[company.pk])
    assert [row[0] for row in added_up()] == ["ridgeline-sacco"]
