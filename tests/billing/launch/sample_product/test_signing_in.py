"""A member opens the sample product, over real HTTP; nobody else is let in, and nobody is led elsewhere."""

import ast
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import requests

from billing.catalog.models import Product
from billing.launch import sample as package
from billing.launch.models import ProductSession
from portal.accounts.models import Company, User
from tests.billing.launch.relying_party import browser_of
from tests.billing.launch.sample_product.process import SECONDS, Sample

pytestmark = pytest.mark.django_db(transaction=True)


def test_click_signs_the_member_in(sample: Sample, window: requests.Session, viewer: User, company: Company) -> None:
    page = sample.launch(window)
    assert (page.status_code, page.url) == (200, f"{sample.url}/")
    for words in (viewer.get_full_name(), viewer.email, company.name, "viewer", "No plan: our staff gave it"):
        assert words in page.text
    session = ProductSession.objects.get()
    assert (session.user, session.company, session.ended_at) == (viewer, company, None)
    assert sample.launch(window, to="/taxes/").url == f"{sample.url}/taxes/"
    # A page of the product's own leads through the portal and back to itself.
    fresh = browser_of(viewer)
    assert sample.get(fresh, "/employees/", follow=True).url == f"{sample.url}/employees/"


def test_browsers_hold_no_tokens(sample: Sample, window: requests.Session) -> None:
    sample.launch(window)
    ours = [cookie for cookie in window.cookies if cookie.name.startswith("payroll_")]
    assert {cookie.name for cookie in ours} == {"payroll_session", "payroll_csrf"}
    assert all(len(cookie.value or "") < 200 for cookie in ours)


def test_whoever_may_not_open_it_is_not_let_in(sample: Sample, owner: User, stranger: User) -> None:
    for user in (owner, stranger):
        window = browser_of(user)
        assert sample.get(window, "/employees/", follow=True).url.startswith(sample.portal)
        assert not sample.has(window)
    assert not ProductSession.objects.exists()


@pytest.mark.parametrize("issuer", ["https://evil.example", "", None])
def test_somebody_elses_launch_is_refused(sample: Sample, window: requests.Session, issuer: str | None) -> None:
    query = urlencode({} if issuer is None else {"iss": issuer})
    answer = sample.get(window, f"/login?{query}")
    assert (answer.status_code, "Location" in answer.headers) == (400, False)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "{url}.evil.example/",
        "{url}@evil.example/",
        "{url}//evil.example/",
        "{url}/\\evil.example",
        "https://{host}/taxes/",
        "javascript:alert(1)",
    ],
)
def test_nobody_is_led_elsewhere(sample: Sample, window: requests.Session, target: str) -> None:
    there = target.format(url=sample.url, host=urlsplit(sample.url).netloc)
    answer = sample.get(window, f"/login?{urlencode({'iss': sample.portal, 'target_link_uri': there})}")
    assert (answer.status_code, "Location" in answer.headers) == (400, False)


def test_answer_is_taken_in_the_browser_that_asked_and_once(
    sample: Sample, window: requests.Session, viewer: User
) -> None:
    asked = sample.get(window, f"/login?{urlencode({'iss': sample.portal})}")
    told = window.get(asked.headers["Location"], allow_redirects=False, timeout=SECONDS)
    path = told.headers["Location"].removeprefix(sample.url)
    other = browser_of(viewer)
    assert sample.get(other, path).status_code == 400
    assert sample.get(window, path.replace("state=", "state=x")).status_code == 400
    assert sample.get(window, path.replace("iss=http", "iss=https")).status_code == 400
    assert not sample.has(window)
    assert not sample.has(other)
    assert sample.get(window, path).status_code == 302
    assert sample.has(window)
    assert sample.get(window, path).status_code == 400


def test_other_products_code_is_refused(sample: Sample, window: requests.Session, payroll: Product) -> None:
    for query in ("error=access_denied&state=x", "code=x&state=x", ""):
        assert sample.get(window, f"/callback?{query}").status_code == 400
    assert not sample.has(window)


def test_it_imports_nothing_of_the_portal() -> None:
    names = set()
    for path in Path(package.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names.add(node.module or "")
            elif isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
    ours = {name for name in names if name.split(".")[0] in {"portal", "billing", "helpcenter", "resellers", "home"}}
    assert ours
    assert all(name.startswith("billing.launch.sample") for name in ours)
