"""Companies set what the schema of a product asks for; nobody overwrites what they have not seen."""

import pytest
from django.core.exceptions import ValidationError

from billing.catalog.models import ProductSetting
from billing.launch.models import ProductSettings
from billing.launch.services import settings
from portal.activity.models import ActivityEvent
from tests.billing.launch.schema import with_schema
from tests.billing.subscriptions.world import on
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db
AT = on(2026, 3, 2)


@pytest.fixture
def payroll():
    return with_schema(ProductFactory.create(slug="payroll", name="Payroll"))


DEFAULTS = {"pay-day": 25, "rounding": "Cent", "payslips": True, "sender": ""}


def read(company, product):
    """What holds."""
    return settings.effective(list(product.settings.all()), settings.of_company(company, product))


def test_defaults_hold_until_something_is_set(company, other_company, payroll, owner):
    assert read(company, payroll) == DEFAULTS
    values = {**DEFAULTS, "pay-day": 28, "payslips": False}
    saved = settings.save(company=company, product=payroll, values=values, seen=0, by=owner, at=AT)
    assert (saved.version, saved.updated_by, saved.updated_at) == (1, owner, AT)
    assert saved.values == {"pay-day": 28, "payslips": False}
    assert read(company, payroll) == values
    assert read(other_company, payroll) == DEFAULTS
    told = [str(event) for event in ActivityEvent.objects.filter(verb="product.set_up").order_by("pk")]
    assert [one.partition(" changed ")[2] for one in told] == [
        "“Pay day” of Payroll from 25 to 28",
        "“E-mail payslips” of Payroll from on to off",
    ]
    assert {event.company for event in ActivityEvent.objects.filter(verb="product.set_up")} == {company}


def test_saving_the_same_changes_nothing(company, payroll, owner):
    settings.save(company=company, product=payroll, values=DEFAULTS, seen=0, by=owner, at=AT)
    assert not ProductSettings.objects.exists()
    assert not ActivityEvent.objects.filter(verb="product.set_up").exists()


def test_who_did_not_see_the_last_change_is_refused_and_changes_nothing(company, payroll, owner, company_admin):
    mine = {**DEFAULTS, "pay-day": 28}
    settings.save(company=company, product=payroll, values=mine, seen=0, by=owner, at=AT)
    with pytest.raises(settings.ChangedMeanwhile) as refused:
        settings.save(
            company=company, product=payroll, values={**DEFAULTS, "pay-day": 1}, seen=0, by=company_admin, at=AT
        )
    assert refused.value.saved.version == 1
    assert read(company, payroll) == mine
    assert ActivityEvent.objects.filter(verb="product.set_up").count() == 1
    again = settings.save(
        company=company, product=payroll, values={**DEFAULTS, "pay-day": 1}, seen=1, by=company_admin, at=AT
    )
    assert again.version == 2


def test_what_no_longer_fits_the_schema_falls_back_to_the_default(company, payroll, owner):
    values = {"pay-day": 28, "rounding": "Shilling", "payslips": False, "sender": "Pay office"}
    settings.save(company=company, product=payroll, values=values, seen=0, by=owner, at=AT)
    payroll.settings.filter(key="rounding").update(choices="Cent\nFive")
    payroll.settings.filter(key="pay-day").update(kind="text")
    payroll.settings.filter(key="payslips").delete()
    assert read(company, payroll) == {"pay-day": "25", "rounding": "Cent", "sender": "Pay office"}


@pytest.mark.parametrize(
    ("kind", "default", "choices", "field"),
    [
        ("number", "many", "", "default"),
        ("number", "9" * 30, "", "default"),
        ("switch", "perhaps", "", "default"),
        ("choice", "", "", "choices"),
        ("choice", "", "One", "choices"),
        ("choice", "", "One\nOne", "choices"),
        ("choice", "Three", "One\nTwo", "default"),
    ],
)
def test_a_schema_that_makes_no_sense_is_refused(payroll, kind, default, choices, field):
    row = ProductSetting(product=payroll, key="new", label="New", kind=kind, default=default, choices=choices)
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert set(refused.value.message_dict) == {field}


def test_a_key_stays(payroll):
    row = payroll.settings.get(key="pay-day")
    row.full_clean()
    row.key = "day"
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert set(refused.value.message_dict) == {"key"}
