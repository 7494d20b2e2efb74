"""What contracts charge, in the admin: agreed, asked for, paused and looked up by those who may."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Company, User
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.contracts.models import BillingPeriod, BillingTerms, Contract, ContractLineItem
from portal.contracts.services import billing
from tests.cast import CAST, client_of
from tests.factories import DeveloperFactory
from tests.portal.contracts.charges.made import AT, contract, item, put_in_force, terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(finance: User, portal_site: None) -> Client:
    return client_of(finance)


@pytest.fixture
def draft(company: Company) -> Contract:
    return contract(company)


@pytest.fixture
def billed(draft: Contract, support: User, finance: User) -> Contract:
    """USD 100.00 a month for three months, asked for by support and approved by finance."""
    item(draft, "100.00")
    approval = billing.ask(contract=put_in_force(draft), by=support, at=AT)
    approvals.approve(approval=approval, by=finance, at=AT)
    return draft


def at(name: str, pk: int) -> str:
    return reverse(f"contract-charges:{name}", args=[pk])


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def filled(**fields: str) -> dict[str, str]:
    return {
        "kind": "custom",
        "description": "Support",
        "schedule": "recurring",
        "amount": "250.00",
        "months": "3",
        "starts_on": "2026-01-31",
    } | fields


def test_line_item_is_added_changed_and_removed(desk: Client, draft: Contract) -> None:
    assert 'name="starts_on" value="2026-01-31"' in text(desk.get(at("add", draft.pk)))
    assert desk.post(at("add", draft.pk), filled()).headers["Location"] == at("of_contract", draft.pk)
    made = ContractLineItem.objects.get()
    assert (str(made.amount), made.months, made.ends_on) == ("250.0000", 3, date(2026, 4, 30))
    page = text(desk.get(at("of_contract", draft.pk)))
    assert "USD 250.00 a month, 31 Jan 2026 – 29 Apr 2026" in page
    assert "USD 750.00" in page
    assert 'value="Support"' in text(desk.get(at("change", made.pk)))
    desk.post(at("change", made.pk), filled(months="2"))
    made.refresh_from_db()
    assert (made.months, made.ends_on) == (2, date(2026, 3, 31))
    desk.post(at("remove", made.pk))
    assert not ContractLineItem.objects.exists()


def test_training_needs_no_more_than_its_kind(desk: Client, draft: Contract) -> None:
    empty = {"description": "", "amount": "", "months": "3", "schedule": "instalments"}
    desk.post(at("add", draft.pk), filled(kind="independent_training", **empty))
    made = ContractLineItem.objects.get()
    assert (str(made.amount), made.description) == ("5000.0000", "Training of an independent developer")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"amount": "0"}, "What is charged is more than nothing."),
        ({"amount": "1.005"}, "has more digits than its currency"),
        ({"amount": ""}, "Say how much, in USD."),
        ({"description": " "}, "Say what is charged."),
        ({"months": "13"}, "Between one month and twelve can be agreed."),
        ({"months": "12", "starts_on": "2026-02-28"}, "lasts longer than the contract may"),
        ({"starts_on": "2026-01-30"}, "begins before the contract does"),
    ],
)
def test_what_does_not_fit_is_refused_in_plain_words(
    desk: Client, draft: Contract, fields: dict[str, str], said: str
) -> None:
    answer = desk.post(at("add", draft.pk), filled(**fields))
    assert said in text(answer).replace("&#x27;", "'")
    assert not ContractLineItem.objects.exists()


def test_developer_belongs_to_the_kind_of_training(desk: Client, draft: Contract) -> None:
    independent = DeveloperFactory.create(status="approved")
    fields = {"developer": f"{independent.pk}", "schedule": "instalments"}
    assert "belongs to no agency" in text(desk.post(at("add", draft.pk), filled(kind="agency_training", **fields)))
    assert "Only a training names a developer" in text(desk.post(at("add", draft.pk), filled(**fields)))
    assert not ContractLineItem.objects.exists()
    desk.post(at("add", draft.pk), filled(kind="independent_training", **fields))
    assert ContractLineItem.objects.get().developer == independent


def test_terms_of_ones_own_are_read_line_by_line(desk: Client, draft: Contract) -> None:
    item(draft, "300.00", schedule="one_off")
    page = {"frequency": "custom", "schedule": "2026-01-31 100.50\n\n2026-03-01 199.50\n"}
    assert desk.post(at("terms", draft.pk), page).status_code == 302
    kept = BillingTerms.objects.get()
    assert (kept.days, [str(amount) for amount in kept.amounts]) == (
        [date(2026, 1, 31), date(2026, 3, 1)],
        ["100.5000", "199.5000"],
    )
    assert "2026-01-31 100.5\n2026-03-01 199.5" in desk.get(at("terms", draft.pk)).content.decode()
    shown = text(desk.get(at("of_contract", draft.pk)))
    assert "USD 199.50" in shown
    desk.post(at("terms", draft.pk), {"frequency": "quarterly", "schedule": ""})
    kept.refresh_from_db()
    assert (kept.frequency, kept.days, kept.amounts) == ("quarterly", [], [])


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        ("", "Give between one day and 36, in order."),
        ("soon", "Write each day as 2026-03-31"),
        ("2026-03-01\n2026-02-01", "in order"),
        ("2026-01-30", "Give days on which the contract runs."),
        ("2027-01-31", "Give days on which the contract runs."),
        ("2026-01-31 100", "The amounts add up to USD 100.00, the line items to USD 300.00."),
        ("2026-01-31 300\n2026-02-01", "Give an amount for each day, or none at all."),
        ("2026-01-31 301\n2026-02-01 -1", "Give an amount above nothing for each day"),
    ],
)
def test_terms_that_make_no_sense_change_nothing(desk: Client, draft: Contract, schedule: str, said: str) -> None:
    item(draft, "300.00", schedule="one_off")
    assert said in text(desk.post(at("terms", draft.pk), {"frequency": "custom", "schedule": schedule}))
    assert not BillingTerms.objects.exists()


def test_signed_contract_is_asked_about_and_decided_by_another(
    desk: Client, draft: Contract, finance: User, support: User
) -> None:
    item(draft, "100.00")
    put_in_force(draft)
    assert at("ask", draft.pk) in text(desk.get(at("of_contract", draft.pk)))
    assert at("add", draft.pk) not in text(desk.get(at("of_contract", draft.pk)))
    desk.post(at("ask", draft.pk))
    approval = Approval.objects.get()
    assert (approval.kind, approval.asked_by) == ("contract_billing", finance)
    page = text(desk.get(at("of_contract", draft.pk)))
    assert "Waits for a decision" in page
    assert at("ask", draft.pk) not in page
    with pytest.raises(approvals.MayNotDecide):
        approvals.approve(approval=approval, by=support, at=timezone.now())
    assert not BillingPeriod.objects.exists()


def test_draft_is_not_asked_about(desk: Client, draft: Contract) -> None:
    item(draft, "100.00")
    assert "not in force" in text(desk.post(at("ask", draft.pk)))
    assert not Approval.objects.exists()


def test_what_was_signed_is_not_changed(desk: Client, billed: Contract) -> None:
    one = ContractLineItem.objects.get()
    for name, pk in (("add", billed.pk), ("terms", billed.pk), ("change", one.pk), ("remove", one.pk)):
        answer = desk.post(at(name, pk), filled(frequency="quarterly"))
        assert "part of what is signed" in text(answer), name
    assert list(ContractLineItem.objects.values_list("months", flat=True)) == [3]


def test_billed_items_are_paused_resumed_and_completed(desk: Client, billed: Contract) -> None:
    one = ContractLineItem.objects.get()
    for name, state, offered in (
        ("pause", "paused", {"resume", "complete"}),
        ("resume", "active", {"pause", "complete"}),
        ("complete", "completed", set()),
    ):
        assert text(desk.get(at(name, one.pk)))
        assert desk.post(at(name, one.pk)).status_code == 302
        one.refresh_from_db()
        page = text(desk.get(at("of_contract", billed.pk)))
        ways = {way for way in ("pause", "resume", "complete") if at(way, one.pk) in page}
        assert (one.status, ways) == (state, offered)
    assert "not possible" in text(desk.post(at("resume", one.pk)))


def test_registers_list_and_show(desk: Client, billed: Contract) -> None:
    one, period = ContractLineItem.objects.get(), BillingPeriod.objects.earliest("sequence")
    assert "Development" in text(desk.get("/admin/registers/contract-charges/"))
    assert "USD 300.00" in text(desk.get(f"/admin/registers/contract-charges/inspect/{one.pk}/"))
    listed = text(desk.get("/admin/registers/billing-periods/?status=pending"))
    assert listed.count("USD 100.00") == 3
    shown = text(desk.get(f"/admin/registers/billing-periods/inspect/{period.pk}/"))
    assert "Development: USD 100.00" in shown
    assert "31 January 2026 – 27 February 2026" in shown
    for name in ("contract-charges", "billing-periods"):
        assert desk.get(f"/admin/registers/{name}/?export=csv").status_code == 200


@pytest.mark.parametrize("register", ["contract-charges", "billing-periods"])
def test_registers_ask_as_much_of_many_as_of_one(desk: Client, company: Company, register: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.get(f"/admin/registers/{register}/").status_code == 200
        return len(queries)

    def make(number: int) -> None:
        made = contract(company, title=f"Contract {number}")
        one = item(made, "10.00", months=1)
        period = BillingPeriod.objects.create(
            contract=made, sequence=1, starts_on=one.starts_on, ends_on=one.ends_on, due_on=one.starts_on, amount=0
        )
        assert period.pk

    make(0)
    desk.get(f"/admin/registers/{register}/")
    first = asked()
    for number in range(1, 20):
        make(number)
    assert asked() == first


@pytest.mark.parametrize("name", CAST)
def test_only_finance_support_and_administrators_get_in(
    name: str, request: pytest.FixtureRequest, billed: Contract, portal_site: None
) -> None:
    client = client_of(request.getfixturevalue(name))
    one = ContractLineItem.objects.get()
    may = name in ("finance", "support", "staff")
    got = [
        client.get(address).status_code
        for address in (
            at("of_contract", billed.pk),
            at("pause", one.pk),
            "/admin/registers/contract-charges/",
            "/admin/registers/billing-periods/",
        )
    ]
    assert got == [200 if may else 302] * 4
    assert client.post(at("pause", one.pk)).status_code == 302
    one.refresh_from_db()
    assert (one.status == "paused") is may


def test_who_only_looks_gets_no_buttons(billed: Contract, support: User, portal_site: None) -> None:
    support.groups.get().permissions.remove(*support.groups.get().permissions.filter(codename="keep_charges"))
    desk, one = client_of(support), ContractLineItem.objects.get()
    page = text(desk.get(at("of_contract", billed.pk)))
    assert at("pause", one.pk) not in page
    desk.post(at("pause", one.pk))
    one.refresh_from_db()
    assert one.status == "active"


def test_terms_are_named_on_the_page(desk: Client, draft: Contract) -> None:
    item(draft, "100.00", months=4)
    terms(draft, "quarterly")
    page = text(desk.get(at("of_contract", draft.pk)))
    assert "Every three months" in page
    assert "USD 300.00" in page
