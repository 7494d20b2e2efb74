"""Owners and admins set up a product; nothing typed is lost, and nobody overwrites what they have not seen."""

import pytest

from billing.launch.models import ProductSettings
from portal.activity.models import ActivityEvent
from tests.billing.launch.schema import with_schema
from tests.cast import client_of
from tests.factories import ProductAccessFactory, ProductFactory

pytestmark = pytest.mark.django_db
PLACE = "/customer/products/"


@pytest.fixture
def payroll(company):
    """Payroll with a schema, which Savanna has."""
    product = with_schema(ProductFactory.create(slug="payroll", name="Payroll"))
    ProductAccessFactory.create(company=company, product=product)
    return product


SENT = {"set-pay-day": "28", "set-rounding": "Shilling", "set-sender": ""}


def test_owners_and_admins_set_what_the_schema_asks_for(payroll, company, company_admin):
    client = client_of(company_admin)
    assert 'value="25"' in client.get(f"{PLACE}payroll/settings/").text
    assert client.post(f"{PLACE}payroll/settings/", {**SENT, "seen": 0}).status_code == 302
    saved = ProductSettings.objects.get()
    assert (saved.company, saved.values) == (company, {"pay-day": 28, "rounding": "Shilling", "payslips": False})
    assert "Last changed by" in client.get(f"{PLACE}payroll/settings/").text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"set-pay-day": "soon"}, "Enter a whole number."),
        ({"set-rounding": "Five"}, "not one of the available choices"),
        ({"set-sender": "two\nlines"}, "Write it in one line"),
        ({"seen": ""}, "required"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_typed_is_lost(payroll, owner, changed, words):
    sent = {**SENT, "set-sender": "Pay office", "set-payslips": "on", "seen": 0, **changed}
    shown = client_of(owner).post(f"{PLACE}payroll/settings/", sent).text
    assert words in shown
    assert sent["set-pay-day"] in shown
    assert sent["set-sender"].partition("\n")[0] in shown
    assert not ProductSettings.objects.exists()
    assert not ActivityEvent.objects.filter(verb="product.set_up").exists()


def test_whoever_saves_second_sees_what_the_first_saved(payroll, owner, company_admin):
    url = f"{PLACE}payroll/settings/"
    client_of(owner).post(url, {**SENT, "seen": 0})
    client = client_of(company_admin)
    answer = client.post(url, {**SENT, "set-pay-day": "1", "seen": 0})
    assert f"{owner} changed these settings while you did. Saved is now: Pay day: 28." in answer.text
    assert 'value="1"' in answer.text
    assert ProductSettings.objects.get().values["pay-day"] == 28
    seen = answer.context["form"]["seen"].value()
    assert client.post(url, {**SENT, "set-pay-day": "1", "seen": seen}).status_code == 302
    assert ProductSettings.objects.get().values["pay-day"] == 1


@pytest.mark.parametrize("who", ["viewer", "billing_member"])
def test_other_members_do_not_reach_the_settings(request, payroll, who):
    client = client_of(request.getfixturevalue(who))
    assert client.get(f"{PLACE}payroll/settings/").status_code == 403
    assert client.post(f"{PLACE}payroll/settings/", {**SENT, "seen": 0}).status_code == 403
    assert not ProductSettings.objects.exists()


def test_another_company_sets_nothing_of_what_it_has_not(payroll, stranger):
    client = client_of(stranger)
    assert client.post(f"{PLACE}payroll/settings/", {**SENT, "seen": 0}).status_code == 404
    assert not ProductSettings.objects.exists()
