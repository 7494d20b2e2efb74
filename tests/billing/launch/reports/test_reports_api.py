"""What products tell of companies, over HTTP: what is taken, what is refused, and who reads it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from rest_framework.settings import api_settings

from billing.catalog.models import Product
from billing.catalog.product_api import ByProduct
from billing.launch.models import ProductFigure, ProductReport, ProductSync
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.activity.services import record
from tests.billing.launch.reports.credentials import bearing
from tests.cast import client_of

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
ADDRESSES = [
    ("post", "/api/product/v1/activity/"),
    ("put", "/api/product/v1/statistics/"),
    ("put", "/api/product/v1/synchronisation/"),
]


def report(of: Company, **changed: Any) -> dict[str, Any]:
    """Something that happened at a company."""
    return {"id": "a-1", "company": of.slug, "text": "5 employees added", "occurred_at": NOW.isoformat()} | changed


def post(client: Client, *reports: Any) -> HttpResponse:
    """Tell activity."""
    return client.post("/api/product/v1/activity/", reports, content_type="application/json")


def put(client: Client, name: str, **body: Any) -> HttpResponse:
    """Tell how something stands."""
    return client.put(f"/api/product/v1/{name}/", body, content_type="application/json")


def told() -> list[ActivityEvent]:
    """What products told."""
    return list(ActivityEvent.objects.filter(verb__startswith="product.").order_by("at", "pk"))


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_only_products_are_let_in(
    method: str, address: str, erp: Product, owner: User, staff: User, as_erp: Client
) -> None:
    strangers = [
        Client(),
        client_of(owner),
        client_of(staff),
        Client(headers={"authorization": "Bearer nonsense"}),
        Client(headers={"authorization": "Basic ZXJwOnNlY3JldA=="}),
        bearing(erp, minutes=-1),
        bearing(erp, user=owner),
    ]
    for client in strangers:
        answer = getattr(client, method)(address, {}, content_type="application/json")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="products"')
    assert getattr(as_erp, method)(address, {}, content_type="application/json").status_code == 400
    erp.client = None
    erp.save()
    assert getattr(as_erp, method)(address, {}, content_type="application/json").status_code == 401


def test_activity_of_a_product_is_read_by_its_company_alone(
    as_erp: Client, company: Company, owner: User, stranger: User, portal_site: None
) -> None:
    first = report(company, id="a-1", text="Backup <b>complete</b> {actor} %(x)s")
    second = report(company, id="a-2", company=str(company.public_id), member=str(owner.public_id))
    answer = post(as_erp, first, second)
    assert (answer.status_code, answer.json()) == (202, {"accepted": 2, "duplicates": 0, "rejected": []})
    assert [(event.sentence(), event.actor, event.company, event.at) for event in told()] == [
        ("ERP: Backup <b>complete</b> {actor} %(x)s", None, company, NOW),
        (f"{owner} in ERP: 5 employees added", owner, company, NOW),
    ]
    page = client_of(owner).get("/customer/settings/activity/").content.decode()
    assert "ERP: Backup &lt;b&gt;complete&lt;/b&gt; {actor} %(x)s" in page
    assert "5 employees added" not in client_of(stranger).get("/customer/settings/activity/").content.decode()


def test_same_report_counts_once_whatever_it_says_the_second_time(
    as_erp: Client, as_sacco: Client, company: Company, other_company: Company
) -> None:
    assert post(as_erp, report(company), report(company, text="Twice in one list")).json()["duplicates"] == 1
    later = [report(company, text="Backup complete"), report(company, id="a-2")]
    assert post(as_erp, *later).json() == {"accepted": 1, "duplicates": 1, "rejected": []}
    # Another product's ids are its own.
    assert post(as_sacco, report(other_company)).json()["accepted"] == 1
    assert [event.data["text"] for event in told()] == ["5 employees added"] * 3
    assert ProductReport.objects.count() == 3


def test_each_report_is_judged_by_itself(
    as_erp: Client, company: Company, other_company: Company, owner: User, stranger: User
) -> None:
    good = report(company, id="good")
    wrong = {
        "unknown_company": [
            report(other_company, id="others"),
            report(other_company, id="others-by-id", company=str(other_company.public_id)),
            report(company, id="nobodys", company=str(uuid4())),
            report(company, id="none", company="no-such-company"),
        ],
        "unknown_member": [
            report(company, id="stranger", member=str(stranger.public_id)),
            report(company, id="by-mail", member=owner.email),
        ],
        "too_old": [report(company, id="old", occurred_at=(NOW - timedelta(days=36)).isoformat())],
        "in_future": [report(company, id="early", occurred_at=(NOW + timedelta(hours=1)).isoformat())],
        "invalid": [
            report(company, id="x" * 101),
            report(company, id="", text="No id"),
            report(company, id="long", text="x" * 141),
            report(company, id="lines", text="One\nTwo"),
            report(company, id="turned", text="a\u202egpj.exe"),
            report(company, id="no-text", text=""),
            report(company, id="no-offset", occurred_at="2026-03-01T08:30:00"),
            report(company, id="no-moment", occurred_at="yesterday"),
            {"id": "nothing"},
            "no object",
            7,
            None,
        ],
    }
    listed = [item for items in wrong.values() for item in items]
    answer = post(as_erp, *listed[:5], good, *listed[5:])
    body = answer.json()
    assert (answer.status_code, body["accepted"], body["duplicates"]) == (202, 1, 0)
    codes = [code for code, items in wrong.items() for _item in items]
    indexes = [index + (index >= 5) for index in range(len(listed))]
    assert [(one["index"], one["code"]) for one in body["rejected"]] == list(zip(indexes, codes, strict=True))
    assert [one["id"] for one in body["rejected"]][:4] == ["others", "others-by-id", "nobodys", "none"]
    assert all(one["detail"] for one in body["rejected"])
    assert [event.company for event in told()] == [company]


def test_late_activity_stands_where_it_belongs(as_erp: Client, company: Company) -> None:
    record(verb="product.granted", actor=None, company=company, data={"product": "ERP"}, at=NOW - timedelta(days=1))
    late = NOW - timedelta(days=34)
    assert post(as_erp, report(company, occurred_at=late.isoformat())).json()["accepted"] == 1
    assert [event.verb for event in told()] == ["product.reported", "product.granted"]


def test_list_of_activity_has_one_to_200(as_erp: Client, company: Company) -> None:
    most = [report(company, id=str(number)) for number in range(201)]
    for body in ({}, [], most, "text", report(company)):
        answer = as_erp.post("/api/product/v1/activity/", body, content_type="application/json")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert told() == []
    assert post(as_erp, *most[:200]).json()["accepted"] == 200


def test_a_product_that_was_cancelled_may_tell_of_the_time_before(as_payroll: Client, company: Company) -> None:
    assert post(as_payroll, report(company)).json()["accepted"] == 1


def test_list_of_activity_costs_the_same_for_one_and_for_200(
    as_erp: Client, company: Company, owner: User, django_assert_num_queries: Any
) -> None:
    post(as_erp, report(company, id="warm", member=str(owner.public_id)))
    for ids in (["one"], [str(number) for number in range(200)]):
        reports = [report(company, id=name, member=str(owner.public_id)) for name in ids]
        # Token and product; companies, who has the product, they themselves; members, they themselves; lock, known
        # ones, two inserts, and the edges of the transaction.
        with django_assert_num_queries(12):
            assert post(as_erp, *reports).json()["accepted"] == len(ids)


def figures(company: Company) -> list[tuple[str, str, int]]:
    """What stands, product by product."""
    rows = ProductFigure.objects.for_company(company).values_list("product__slug", "key", "value")
    return [(slug, key, value) for slug, key, value in rows]


def test_quick_statistics_are_replaced_as_a_whole(
    as_erp: Client, as_payroll: Client, company: Company, other_company: Company
) -> None:
    records = {"key": "records", "label": "Records", "value": 120}
    customers = {"key": "customers", "label": "Customers", "value": 8}
    put(as_payroll, "statistics", company=company.slug, figures=[{"key": "staff", "label": "Staff", "value": 3}])
    answer = put(as_erp, "statistics", company=company.slug, figures=[records, customers], reported_at=NOW.isoformat())
    assert (answer.status_code, answer.json()["figures"]) == (200, [records, customers])
    answer = put(as_erp, "statistics", company=str(company.public_id), figures=[customers | {"value": 9}])
    assert answer.json()["figures"] == [customers | {"value": 9}]
    assert figures(company) == [("erp", "customers", 9), ("payroll", "staff", 3)]
    assert figures(other_company) == []


def test_late_quick_statistics_change_nothing(as_erp: Client, company: Company) -> None:
    def tell(value: int, at: datetime) -> Any:
        one = {"key": "records", "label": "Records", "value": value}
        return put(as_erp, "statistics", company=company.slug, figures=[one], reported_at=at.isoformat()).json()

    tell(5, NOW)
    late = tell(4, NOW - timedelta(seconds=1))
    assert (late["figures"][0]["value"], late["reported_at"]) == (5, NOW.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert tell(6, NOW)["figures"][0]["value"] == 6
    assert figures(company) == [("erp", "records", 6)]


def test_figures_that_are_not_right_change_nothing(as_erp: Client, company: Company) -> None:
    right = {"key": "records", "label": "Records", "value": 1}
    put(as_erp, "statistics", company=company.slug, figures=[right])
    seven = [right | {"key": f"k{number}"} for number in range(7)]
    wrong: list[Any] = [
        [],
        seven,
        [right, right],
        [right | {"value": -1}],
        [right | {"value": 1.5}],
        [right | {"value": 10**15 + 1}],
        [right | {"label": "Two\nlines"}],
        [right | {"key": "not a slug"}],
        [{"key": "records"}],
        "records",
    ]
    for listed in wrong:
        assert put(as_erp, "statistics", company=company.slug, figures=listed).status_code == 400, listed
    early = (NOW + timedelta(hours=1)).isoformat()
    answer = put(as_erp, "statistics", company=company.slug, figures=[right], reported_at=early)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:portal:problem:in_future")
    assert figures(company) == [("erp", "records", 1)]


def test_synchronisation_is_as_it_was_told_last(
    as_erp: Client, as_payroll: Client, company: Company, other_company: Company
) -> None:
    def tell(state: str, at: datetime, **extra: Any) -> Any:
        return put(
            as_erp, "synchronisation", company=company.slug, state=state, synced_at=at.isoformat(), **extra
        ).json()

    assert tell("failed", NOW, detail="The bank does not answer.")["state"] == "failed"
    assert tell("ok", NOW - timedelta(minutes=1))["detail"] == "The bank does not answer."
    assert tell("ok", NOW + timedelta(seconds=1)) == {
        "company": company.slug,
        "state": "ok",
        "synced_at": (NOW + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "detail": "",
    }
    assert tell("broken", NOW)["errors"]["state"]
    assert tell("ok", NOW + timedelta(hours=1))["type"] == "urn:portal:problem:in_future"
    assert list(ProductSync.objects.values_list("company", "product__slug", "state")) == [(company.pk, "erp", "ok")]


@pytest.mark.parametrize("named", ["public_id", "slug"])
def test_companies_of_other_products_are_not_known(as_erp: Client, other_company: Company, named: str) -> None:
    name = str(getattr(other_company, named))
    figure = {"key": "records", "label": "Records", "value": 1}
    answers = [
        put(as_erp, "statistics", company=name, figures=[figure]),
        put(as_erp, "synchronisation", company=name, state="ok", synced_at=NOW.isoformat()),
    ]
    nobody = put(as_erp, "statistics", company="no-such-company", figures=[figure])
    for answer in answers:
        assert (answer.status_code, answer.json()) == (404, nobody.json())
    assert not ProductFigure.objects.exists()
    assert not ProductSync.objects.exists()


def test_erased_companies_are_not_known(as_erp: Client, company: Company) -> None:
    Company.objects.filter(pk=company.pk).update(erased_at=NOW)
    assert post(as_erp, report(company)).json()["rejected"][0]["code"] == "unknown_company"
    assert told() == []


def test_each_product_is_counted_by_itself(
    as_erp: Client, as_sacco: Client, company: Company, other_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        api_settings.DEFAULT_THROTTLE_RATES["product"] == settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["product"]
    )
    monkeypatch.setattr(ByProduct, "rate", "2/d", raising=False)
    assert [post(as_erp, report(company, id=str(number))).status_code for number in range(3)] == [202, 202, 429]
    assert post(as_sacco, report(other_company)).status_code == 202
    assert [event.company for event in told()] == [company, company, other_company]
