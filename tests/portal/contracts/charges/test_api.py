"""What contracts charge, for programs of staff."""

from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import Company, User
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.contracts.models import BillingPeriod, Contract, ContractLineItem
from tests.cast import client_of
from tests.factories import DeveloperFactory
from tests.portal.contracts.charges.made import AT, contract, item, put_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(company: Company) -> Contract:
    return contract(company)


@pytest.fixture
def desk(finance: User) -> Client:
    return client_of(finance)


def address(made: Contract, what: str = "line-items") -> str:
    return f"/api/admin/contracts/{made.public_id}/{what}/"


def post(client: Client, url: str, key: str = "", **body: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(url, body, content_type="application/json", headers=headers)


def test_line_item_is_added_and_listed(desk: Client, draft: Contract) -> None:
    body = {"description": "Support", "schedule": "recurring", "amount": "250.00", "months": 3}
    answer = post(desk, address(draft), **body)
    made = ContractLineItem.objects.get()
    expected = {
        "id": str(made.public_id),
        "status": "pending",
        "company": "savanna-foods",
        "contract": str(draft.public_id),
        "position": 1,
        "kind": "custom",
        "description": "Support",
        "developer": None,
        "schedule": "recurring",
        "amount": {"amount": "250.00", "currency": "USD"},
        "months": 3,
        "total": {"amount": "750.00", "currency": "USD"},
        "starts_on": "2026-01-31",
        "ends_on": "2026-04-30",
    }
    assert (answer.status_code, answer.json()) == (201, expected)
    assert desk.get(address(draft)).json()["results"] == [expected]


@pytest.mark.parametrize(("kind", "price"), [("independent_training", "5000.00"), ("agency_training", "2500.00")])
def test_training_takes_its_usual_price(desk: Client, draft: Contract, kind: str, price: str) -> None:
    said = post(desk, address(draft), kind=kind).json()
    assert (said["amount"]["amount"], said["months"], said["schedule"]) == (price, 3, "instalments")


def test_training_in_another_currency_says_its_price(desk: Client, company: Company) -> None:
    kenyan = contract(company, currency="KES")
    refused = post(desk, address(kenyan), kind="agency_training")
    assert (refused.status_code, refused.json()["errors"]) == (422, {"amount": ["Say how much, in KES."]})
    assert post(desk, address(kenyan), kind="agency_training", amount="325000").status_code == 201


def test_developer_is_named_by_identifier(desk: Client, draft: Contract) -> None:
    known = DeveloperFactory.create(status="approved")
    said = post(desk, address(draft), kind="independent_training", developer=str(known.public_id)).json()
    assert said["developer"] == str(known.public_id)
    unknown = post(desk, address(draft), kind="independent_training", developer=str(draft.public_id))
    assert unknown.status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"amount": "1.00"}, 422),
        ({"description": "A", "amount": "0"}, 422),
        ({"description": "A", "amount": 1.5}, 422),
        ({"description": "A", "amount": {"amount": "1", "currency": "KES"}}, 422),
        ({"description": "A", "amount": "1", "months": 13}, 400),
        ({"description": "A", "amount": "1", "starts_on": "2027-01-31"}, 422),
        ({"kind": "gift"}, 400),
    ],
)
def test_what_does_not_fit_is_refused(desk: Client, draft: Contract, body: dict[str, Any], status: int) -> None:
    answer = post(desk, address(draft), **body)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert not ContractLineItem.objects.exists()


def test_signed_contract_takes_no_more(desk: Client, draft: Contract) -> None:
    put_in_force(draft)
    answer = post(desk, address(draft), description="A", amount="1")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:portal:problem:not_a_draft")
    assert not ContractLineItem.objects.exists()


def test_same_key_adds_once(desk: Client, draft: Contract) -> None:
    body = {"description": "A", "amount": "1.00"}
    first, again = (post(desk, address(draft), "key-1", **body) for _ in range(2))
    assert (first.status_code, again.content) == (201, first.content)
    assert again["Idempotent-Replayed"] == "true"
    assert ContractLineItem.objects.count() == 1
    assert post(desk, address(draft), "key-1", **body | {"amount": "2.00"}).status_code == 422


def test_billing_is_asked_for_with_every_period(desk: Client, draft: Contract, staff: User) -> None:
    item(draft, "5000.00", description="Training", schedule="instalments")
    put_in_force(draft)
    first, again = (post(desk, address(draft, "enable-billing"), "key-1") for _ in range(2))
    said = first.json()
    assert (first.status_code, again.content) == (202, first.content)
    assert (said["kind"], said["status"], said["company"], said["may_decide"]) == (
        "contract_billing",
        "pending",
        "savanna-foods",
        False,
    )
    told = [fact["value"].replace("\N{NO-BREAK SPACE}", " ") for fact in said["facts"]][2:]
    assert told == [
        "USD 1,666.67: Training, 1 of 3 USD 1,666.67",
        "USD 1,666.67: Training, 2 of 3 USD 1,666.67",
        "USD 1,666.66: Training, 3 of 3 USD 1,666.66",
    ]
    assert not BillingPeriod.objects.exists()
    decided = client_of(staff).post(f"/api/admin/approvals/{said['id']}/approve/", content_type="application/json")
    assert decided.status_code == 200
    assert BillingPeriod.objects.count() == 3


def test_asking_again_is_refused(desk: Client, draft: Contract, staff: User) -> None:
    item(draft)
    put_in_force(draft)
    assert post(desk, address(draft, "enable-billing")).status_code == 202
    waiting = post(desk, address(draft, "enable-billing"))
    assert (waiting.status_code, waiting.json()["type"]) == (409, "urn:portal:problem:already_asked")
    approvals.approve(approval=Approval.objects.get(), by=staff, at=AT)
    billed = post(desk, address(draft, "enable-billing"))
    assert (billed.status_code, billed.json()["type"]) == (409, "urn:portal:problem:already_enabled")
    assert Approval.objects.count() == 1


def test_draft_is_not_billed(desk: Client, draft: Contract) -> None:
    item(draft)
    answer = post(desk, address(draft, "enable-billing"))
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:portal:problem:not_in_force")
    assert not Approval.objects.exists()


@pytest.mark.parametrize("name", ["owner", "stranger", "viewer", "developer", "reseller", "editor", "anonymous"])
@pytest.mark.parametrize("what", ["line-items", "enable-billing"])
def test_only_staff_who_keep_charges_get_in(
    name: str, what: str, request: pytest.FixtureRequest, draft: Contract
) -> None:
    item(draft)
    client = client_of(request.getfixturevalue(name))
    refused = 401 if name == "anonymous" else 403
    assert post(client, address(draft, what), description="A", amount="1").status_code == refused
    if what == "line-items":
        assert client.get(address(draft)).status_code == refused
    assert (ContractLineItem.objects.count(), Approval.objects.count()) == (1, 0)
