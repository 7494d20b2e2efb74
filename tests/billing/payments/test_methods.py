"""Cards that are kept: added, made the default, removed, forgotten."""

from datetime import UTC, date, datetime

import pytest

from billing.payments.gateways.base import GatewayError
from billing.payments.gateways.sandbox.client import Sandbox
from billing.payments.models import PaymentMethod, SandboxCard
from billing.payments.services import methods
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.notifications.models import Notification
from tests.billing.invoicing.books import AT
from tests.billing.payments.conftest import ASKS, DECLINED, card
from tests.portal.core.threads import race

pytestmark = pytest.mark.django_db


def test_first_card_becomes_the_default_and_the_second_does_not(company: Company) -> None:
    first, second = card(company), card(company, "5555555555554444")
    assert [(str(row), row.is_default) for row in PaymentMethod.objects.for_company(company)] == [
        ("Visa ending in 4242", True),
        ("Mastercard ending in 4444", False),
    ]
    methods.make_default(method=second, at=AT, by=None)
    first.refresh_from_db()
    assert first.is_default is False
    assert ActivityEvent.objects.filter(verb="payment_method.added").count() == 2


def test_removed_default_hands_over_and_the_gateway_forgets(company: Company) -> None:
    first, second = card(company), card(company)
    removed = methods.remove(method=first, at=AT, by=None)
    assert methods.forget(method=removed, at=AT)
    second.refresh_from_db()
    assert (second.is_default, list(PaymentMethod.objects.for_company(company))) == (True, [second])
    assert SandboxCard.objects.get(reference=first.reference).is_forgotten
    with pytest.raises(methods.MethodGone):
        methods.make_default(method=first, at=AT, by=None)


def test_gateway_that_is_away_is_told_later(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    method = methods.remove(method=card(company), at=AT, by=None)

    def away(gateway: Sandbox, *, reference: str) -> None:
        raise GatewayError("away")

    monkeypatch.setattr(Sandbox, "forget_method", away)
    assert not methods.forget(method=method, at=AT)
    method.refresh_from_db()
    assert method.forgotten_at is None


@pytest.mark.parametrize(("number", "added"), [(DECLINED, False), (ASKS, True)])
def test_refused_card_is_not_kept(company: Company, number: str, added: bool) -> None:
    if not added:
        with pytest.raises(methods.NotAdded):
            card(company, number)
    else:
        card(company, number)
    assert PaymentMethod.objects.for_company(company).exists() is added


def test_gateways_that_keep_nothing_are_refused(company: Company) -> None:
    for gateway in ("manual", "nonsense", ""):
        with pytest.raises(methods.NotAdded):
            methods.begin(company=company, gateway=gateway, at=AT, by=None)
    assert not PaymentMethod.objects.exists()


def test_expiry(company: Company) -> None:
    method = card(company, expires_on="2027-02")
    assert method.expires_on == date(2027, 2, 28)
    for day, soon, gone in (
        (date(2026, 12, 30), False, False),
        (date(2026, 12, 31), True, False),
        (date(2027, 2, 28), True, False),
        (date(2027, 3, 1), True, True),
    ):
        assert (method.expires_soon(today=day), method.has_expired(today=day)) == (soon, gone), day


@pytest.mark.django_db(transaction=True)
def test_one_default_however_many_choose_at_once(company: Company) -> None:
    cards = [card(company) for _ in range(4)]
    results = race(lambda number: methods.make_default(method=cards[number], at=AT, by=None), threads=4)
    assert [result for result in results if isinstance(result, BaseException)] == []
    assert PaymentMethod.objects.filter(company=company, is_default=True).count() == 1


def test_each_company_has_a_default_of_its_own(company: Company, other_company: Company) -> None:
    first, second = card(company), card(company, "5555555555554444")
    assert PaymentMethod.objects.default_of(other_company) is None
    theirs = card(other_company)
    assert PaymentMethod.objects.default_of(other_company) == theirs
    assert PaymentMethod.objects.default_of(company) == first
    methods.make_default(method=second, at=AT, by=None)
    assert PaymentMethod.objects.default_of(company) == second
    assert set(PaymentMethod.objects.defaults()) == {second, theirs}


def test_default_that_cannot_be_charged_alone_is_none(company: Company, settings: object) -> None:
    method = card(company)
    assert methods.charged_alone(company) == method
    PaymentMethod.objects.filter(pk=method.pk).update(gateway="manual")
    assert methods.charged_alone(company) is None


def test_payers_are_told_once_a_month_before_the_default_card_expires(
    company: Company, owner: User, viewer: User
) -> None:
    first, second = card(company), card(company, "5555555555554444")
    told = Notification.objects.filter(kind="payment_method_expiring")
    for method, last_day in ((first, date(2026, 12, 31)), (second, date(2026, 12, 5))):
        PaymentMethod.objects.filter(pk=method.pk).update(expires_on=last_day)
    assert methods.warn_of_expiry(datetime(2026, 12, 1, 12, tzinfo=UTC)) == 0
    for day in (2, 3, 31):
        assert methods.warn_of_expiry(datetime(2026, 12, day, 12, tzinfo=UTC)) == 1
    assert [(row.recipient, row.subject) for row in told] == [
        (owner, "Visa ending in 4242 expires on 31 December 2026")
    ]
    # In Nairobi the last day is over three hours before it is in London.
    assert methods.warn_of_expiry(datetime(2026, 12, 31, 21, tzinfo=UTC)) == 0
    PaymentMethod.objects.filter(pk=first.pk).update(expires_on=date(2029, 12, 31))
    assert methods.warn_of_expiry(datetime(2026, 12, 20, 12, tzinfo=UTC)) == 0
