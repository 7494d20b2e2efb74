"""Staff draw contracts up in the admin, send them, and end them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.models import Company, User
from portal.contracts.models import Contract, ContractTemplate
from portal.contracts.services import evidence
from tests.cast import client_of
from tests.factories import ContractFactory, ContractTemplateFactory, MembershipFactory, SignerFactory
from tests.portal.contracts.drawn import AT, drawn, sent

pytestmark = pytest.mark.django_db
NAME = "wagtailsnippets_contracts_contract"


def at(name: str, *keys: int) -> str:
    return reverse(f"{NAME}:{name}", args=keys)


@pytest.fixture
def desk(support: User) -> Client:
    return client_of(support)


def filled(owner: User, ours: User, **fields: str) -> dict[str, str]:
    """What staff would fill in."""
    values = {
        "title": "Engagement of Amina",
        "starts_on": "2026-03-01",
        "ends_on": "2027-03-01",
        "currency": "USD",
        "discount_percent": "10",
        "renewal_months": "0",
        "notice_days": "30",
        "signing_order": "in_turn",
        "value_governing_law": "Kenya",
        "company_0": f"{owner.pk}",
        "company_0_title": "Managing director",
        "vendor_0": f"{ours.pk}",
        "vendor_0_title": "Director",
    }
    return {**values, **fields}


def drawn_up(desk: Client, company: Company, template: ContractTemplate, values: dict[str, str]) -> Any:
    return desk.post(at("draw_up", company.pk, template.pk), values)


def test_from_choosing_a_template_to_a_sent_contract(
    desk: Client, company: Company, owner: User, finance: User
) -> None:
    template = ContractTemplateFactory.create()
    begun = desk.post(at("begin"), {"company": company.pk, "template": template.pk})
    assert begun.headers["Location"] == at("draw_up", company.pk, template.pk)
    form = desk.get(begun.headers["Location"]).content.decode()
    assert "Governing law" in form
    assert owner.get_full_name() in form
    answer = drawn_up(desk, company, template, filled(owner, finance))
    contract = Contract.objects.get()
    assert answer.headers["Location"] == at("inspect", contract.pk)
    assert (contract.status, contract.currency, contract.values) == ("draft", "USD", {"governing_law": "Kenya"})
    assert f"{contract.discount_percent}" == "10.00"
    assert list(contract.signers.in_order().values_list("user", "side", "title")) == [
        (owner.pk, "company", "Managing director"),
        (finance.pk, "vendor", "Director"),
    ]
    assert "The law of Kenya applies." in desk.get(at("preview_text", contract.pk)).content.decode()
    assert desk.post(at("send", contract.pk)).headers["Location"] == at("inspect", contract.pk)
    page = desk.get(at("inspect", contract.pk)).content.decode()
    assert Contract.objects.get().number in page
    assert "Asked to sign" in page
    assert at("take_back", contract.pk) in page
    assert at("change", contract.pk) not in page


def test_a_draft_is_changed_and_what_was_sent_is_not(
    desk: Client, company: Company, owner: User, finance: User, support: User
) -> None:
    contract = drawn(company, by=support, people=[owner], vendor=[finance])
    second = MembershipFactory.create(company=company, role="owner").user
    values = filled(owner, finance, value_governing_law="<b>Uganda</b>", company_0=f"{second.pk}")
    assert desk.post(at("change", contract.pk), values).status_code == 302
    contract.refresh_from_db()
    assert contract.values == {"governing_law": "<b>Uganda</b>"}
    assert contract.signers.get(side="company").user == second
    text = desk.get(at("preview_text", contract.pk)).content.decode()
    assert "&lt;b&gt;Uganda&lt;/b&gt;" in text
    desk.post(at("send", contract.pk))
    before = Contract.objects.filter(pk=contract.pk).values().get()
    answer = desk.post(at("change", contract.pk), filled(owner, finance, title="Another"))
    assert "taken back before it is changed" in answer.content.decode()
    assert Contract.objects.filter(pk=contract.pk).values().get() == before
    assert contract.signers.get(side="company").user == second


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"ends_on": "2027-03-02"}, "twelve months at most"),
        ({"ends_on": "2026-02-01"}, "ends after it starts"),
        ({"title": ""}, "This field is required"),
        ({"value_governing_law": "x" * 5001}, "at most 5000"),
        ({"vendor_1": "{finance}"}, "Everybody signs once."),
    ],
)
def test_what_makes_no_sense_draws_nothing_up(
    desk: Client, company: Company, owner: User, finance: User, fields: dict[str, str], words: str
) -> None:
    told = {name: text.replace("{finance}", f"{finance.pk}") for name, text in fields.items()}
    answer = drawn_up(desk, company, ContractTemplateFactory.create(), filled(owner, finance, **told))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Contract.objects.exists()


def test_only_those_sign_who_may(
    desk: Client, company: Company, owner: User, stranger: User, viewer: User, finance: User, support: User
) -> None:
    template = ContractTemplateFactory.create()
    for wrong in ({"company_0": stranger}, {"company_0": viewer}, {"vendor_0": support}, {"vendor_0": owner}):
        ((name, person),) = wrong.items()
        answer = drawn_up(desk, company, template, filled(owner, finance, **{name: f"{person.pk}"}))
        assert "Select a valid choice" in answer.content.decode()
    assert not Contract.objects.exists()


def test_what_is_missing_is_not_sent(desk: Client, company: Company, owner: User, finance: User) -> None:
    contract = ContractFactory.create(company=company, values={})
    words = []
    for step in range(3):
        if step == 1:
            Contract.objects.filter(pk=contract.pk).update(values={"governing_law": "Kenya"})
        if step == 2:
            SignerFactory.create(contract=contract, user=owner)
        page = desk.post(at("send", contract.pk)).content.decode()
        words += [
            reason
            for reason in ("Fill these in first: Governing law.", "who signs for the company", "who signs for us")
            if reason in page
        ]
    assert words == ["Fill these in first: Governing law.", "who signs for the company", "who signs for us"]
    contract.refresh_from_db()
    assert (contract.status, contract.number, contract.texts.count()) == ("draft", "", 0)
    assert not contract.evidence.exists()


def test_an_amendment_names_what_it_changes(desk: Client, company: Company, owner: User, finance: User) -> None:
    old = ContractFactory.create(company=company, active=True)
    template = ContractTemplateFactory.create()
    begun = desk.post(at("amend", old.pk), {"template": template.pk})
    answer = desk.post(begun.headers["Location"], filled(owner, finance))
    assert answer.status_code == 302
    amendment = Contract.objects.exclude(pk=old.pk).get()
    assert amendment.amends == old
    assert at("inspect", amendment.pk) in desk.get(at("inspect", old.pk)).content.decode()
    draft = ContractFactory.create(company=company)
    assert desk.get(reverse(f"{NAME}:draw_up_amendment", args=[draft.pk, template.pk])).status_code == 404


def test_buttons_call_services(desk: Client, company: Company, owner: User, finance: User, support: User) -> None:
    contract = sent(company, by=support, people=[owner], vendor=[finance])
    assert desk.post(at("take_back", contract.pk)).status_code == 302
    assert desk.post(at("send", contract.pk)).status_code == 302
    assert "This field is required" in desk.post(at("cancel", contract.pk)).content.decode()
    assert desk.post(at("cancel", contract.pk), {"reason": "Moved."}).status_code == 302
    running = ContractFactory.create(company=company, active=True, renewal_months=12)
    assert desk.post(at("renewal_off", running.pk)).status_code == 302
    assert desk.post(at("terminate", running.pk), {"reason": "Not paid."}).status_code == 302
    draft = drawn(company, by=support, people=[owner], vendor=[finance])
    assert desk.post(at("discard", draft.pk)).status_code == 302
    found = Contract.objects.order_by("pk").values_list("status", "renewal_months")
    assert list(found) == [("cancelled", 0), ("terminated", 0), ("cancelled", 0)]


def test_who_may_look_and_who_may_send(
    company: Company, owner: User, finance: User, editor: User, support: User, viewer: User
) -> None:
    contract = sent(company, by=support, people=[owner], vendor=[finance])
    assert client_of(finance).get(at("inspect", contract.pk)).status_code == 200
    assert at("take_back", contract.pk) not in client_of(finance).get(at("inspect", contract.pk)).content.decode()
    for person, address in ((finance, "take_back"), (editor, "take_back"), (viewer, "take_back"), (editor, "inspect")):
        assert client_of(person).post(at(address, contract.pk)).status_code == 302
    contract.refresh_from_db()
    assert contract.status == "sent"
    assert client_of(support).get(reverse(f"{NAME}:list") + "?q=CT-").status_code == 200
    for name in ("add", "edit", "delete"):
        keys = [] if name == "add" else [contract.pk]
        assert client_of(support).get(reverse(f"{NAME}:{name}", args=keys)).status_code == 302


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_list_costs_the_same_for_one_and_twenty(desk: Client, company: Company, other_company: Company) -> None:
    ContractFactory.create(company=company)
    one = queries_of(desk, reverse(f"{NAME}:list"))
    for number in range(19):
        ContractFactory.create(company=company if number % 2 else other_company)
    assert queries_of(desk, reverse(f"{NAME}:list")) == one


def test_a_page_costs_the_same_however_much_happened(desk: Client, company: Company, owner: User, staff: User) -> None:
    contract = sent(company, by=staff, people=[owner], vendor=[staff])
    before = queries_of(desk, at("inspect", contract.pk))
    for number in range(20):
        evidence.record(contract=contract, kind="opened", at=AT, user=owner, data={"count": number})
    assert queries_of(desk, at("inspect", contract.pk)) == before
