"""Asking for access, opening by API, and the client that staff keep."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from billing.catalog.models import Product, ProductShortcut
from billing.launch import demo
from billing.launch.models import AccessRequest
from billing.launch.services import clients
from billing.subscriptions.models import ProductAccess, ProductGrant
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.core.errors import DomainError
from tests.billing.launch.conftest import granted
from tests.billing.launch.flows import flow
from tests.cast import client_of

LAUNCH, ASK = "/customer/products/payroll/launch/", "/customer/products/payroll/ask/"
API = "/api/business/v1/products/payroll/launch/"


@pytest.fixture
def ready(payroll: Product) -> Product:
    flow(payroll)
    return payroll


def test_member_asks_and_an_admin_gives(ready: Product, viewer: User, company_admin: User, company: Company) -> None:
    browser = client_of(viewer)
    assert "Ask for access" in browser.get(LAUNCH).content.decode()
    assert browser.post(ASK)["Location"] == LAUNCH
    approval = Approval.objects.get()
    assert (approval.kind, approval.company, approval.concerns) == ("product_access", company, viewer)
    assert "You have asked for access" in browser.get(LAUNCH).content.decode()
    assert browser.post(ASK).status_code == 409
    for nobody in (viewer,):
        with pytest.raises(DomainError):
            approvals.approve(approval=approval, by=nobody, at=timezone.now())
    assert not ProductGrant.objects.exists()
    approvals.approve(approval=approval, by=company_admin, at=timezone.now())
    assert ProductGrant.objects.get().membership.user == viewer
    assert browser.get(LAUNCH).status_code == 302


def test_nothing_is_asked_for_what_cannot_be_opened(ready: Product, viewer: User, company: Company) -> None:
    row = ProductAccess.objects.get(product=ready)
    row.close(reason="suspended", at=timezone.now())
    row.save()
    assert client_of(viewer).post(ASK).status_code == 409
    assert Approval.objects.count() == AccessRequest.objects.count() == 0


def test_access_is_not_given_to_what_was_closed_meanwhile(
    ready: Product, viewer: User, company_admin: User, company: Company
) -> None:
    client_of(viewer).post(ASK)
    ProductAccess.objects.filter(product=ready).update(
        is_open=False, closed_reason="suspended", closed_at=timezone.now()
    )
    with pytest.raises(DomainError) as refusal:
        approvals.approve(approval=Approval.objects.get(), by=company_admin, at=timezone.now())
    assert refusal.value.code == "nothing_to_ask_for"
    assert Approval.objects.get().status == "pending"
    assert not ProductGrant.objects.exists()


def test_launch_leads_to_shortcuts_alone(ready: Product, viewer: User, company: Company) -> None:
    granted(viewer, company, ready)
    ProductShortcut.objects.create(product=ready, label="Employees", path="/employees/")
    browser = client_of(viewer)
    told = "iss=http%3A%2F%2F127.0.0.1%3A8000&login_hint=viewer%40savanna.example"
    assert browser.get(LAUNCH)["Location"] == f"https://payroll.example/login?{told}"
    led = browser.get(f"{LAUNCH}?to=/employees/")["Location"]
    assert led == f"https://payroll.example/login?{told}&target_link_uri=https%3A%2F%2Fpayroll.example%2Femployees%2F"
    for path in ("//evil.example/", "https://evil.example/", "/other/"):
        assert browser.get(LAUNCH, {"to": path})["Location"] == f"https://payroll.example/login?{told}"


def test_launch_adds_at_most_six_queries(
    ready: Product, viewer: User, company: Company, django_assert_max_num_queries: Any
) -> None:
    """Beside those of session, person and desk, which a form makes too that is sent empty in the same session."""
    granted(viewer, company, ready)
    browser = client_of(viewer)
    browser.get(LAUNCH)
    with django_assert_max_num_queries(100) as bare:
        assert browser.post("/dashboard/remember/", {}).status_code == 302
    with django_assert_max_num_queries(100) as launched:
        assert browser.get(LAUNCH)["Location"].startswith("https://payroll.example/login?")
    assert len(bare) == 2, [query["sql"] for query in bare.captured_queries]
    assert len(launched) - len(bare) <= 6, [query["sql"] for query in launched.captured_queries]


def test_program_is_told_where_or_why_not(ready: Product, viewer: User, company: Company) -> None:
    browser = client_of(viewer)
    refused = browser.post(API)
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    assert refused.json()["type"] == "urn:portal:problem:not_granted"
    granted(viewer, company, ready)
    assert [browser.post(API).json()["launch_url"] for _time in range(2)] == [browser.get(LAUNCH)["Location"]] * 2


def test_secret_is_shown_once(ready: Product, staff: User, support: User) -> None:
    page = f"/admin/products/{ready.pk}/client/"
    assert client_of(support).get(page).status_code == 302
    browser, before = client_of(staff), Product.objects.get(slug="payroll").client
    assert before
    told = {"redirect_uris": "https://payroll.example/back", "new_secret": "on"}
    answer = browser.post(page, told)
    client = Product.objects.get(slug="payroll").client
    assert client
    assert client.pk == before.pk
    assert client.get_redirect_uris() == ["https://payroll.example/back"]
    secret = answer.content.decode().partition("<dt>Secret</dt><dd><code>")[2].partition("</code>")[0]
    assert clients.is_secret_of(client, secret)
    assert secret not in client.secret
    assert "no-store" in answer["Cache-Control"]
    assert secret not in browser.get(page).content.decode()
    verbs = list(ActivityEvent.objects.filter(actor=staff).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["product.client_changed", "product.secret_renewed"]
    for address in ("http://payroll.example/", "https://*.example/", "https://payroll.example/#x", "javascript:x"):
        refused = browser.post(page, {"redirect_uris": address, "new_secret": "on"})
        assert refused.status_code == 200
    unchanged = Product.objects.get(slug="payroll").client
    assert unchanged
    assert unchanged.secret == client.secret
    assert unchanged.get_redirect_uris() == ["https://payroll.example/back"]


def test_sample_products_are_prepared_once(payroll: Product, settings: Any, tmp_path: Any) -> None:
    settings.VAR_DIR, settings.BASE_URL = tmp_path, "http://127.0.0.1:8100"
    demo.prepare()
    first = (tmp_path / "products.json").read_text()
    demo.prepare()
    assert (tmp_path / "products.json").read_text() == first
    assert (tmp_path / "products.json").stat().st_mode & 0o777 == 0o600
    product = Product.objects.get(slug="payroll")
    assert product.launch_url == "http://127.0.0.1:8103/login"
    settings.BASE_URL = "http://127.0.0.1:8200"
    demo.prepare()
    product.refresh_from_db()
    assert product.launch_url == "http://127.0.0.1:8203/login"
    assert product.client
    assert product.client.get_redirect_uris() == ["http://127.0.0.1:8203/callback"]
    (tmp_path / "products.json").unlink()
    demo.prepare()
    assert (tmp_path / "products.json").exists()
    product.launch_url = "https://payroll.example/login"
    product.save()
    demo.prepare()
    assert Product.objects.get(slug="payroll").launch_url == "https://payroll.example/login"


def test_sign_in_on_the_way_may_end_at_a_product(ready: Product) -> None:
    policy = Client().get("/accounts/login/", {"next": LAUNCH})["Content-Security-Policy"]
    assert "form-action 'self' https://payroll.example;" in policy + ";"
    for place in ("/dashboard/", "https://evil.example/identity/o/"):
        policy = Client().get("/accounts/login/", {"next": place})["Content-Security-Policy"]
        assert "payroll.example" not in policy
