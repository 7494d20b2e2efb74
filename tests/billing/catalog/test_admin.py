"""Staff keep the catalog in the Wagtail admin: prices go through the service, and what is used is not deleted."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from djmoney.money import Money
from pytest_django import DjangoAssertNumQueries

from billing.catalog.models import MeteredComponent, Metric, Plan, PlanCompany, PlanFamily, PlanPrice, Product
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from tests.cast import client_of
from tests.factories import (
    MeteredComponentFactory,
    MetricFactory,
    PlanFactory,
    PlanFamilyFactory,
    PlanPriceFactory,
    ProductFactory,
)

Form = dict[str, Any]


def address(model: str, name: str, *args: int) -> str:
    """An address of the admin."""
    return reverse(f"wagtailsnippets_catalog_{model}:{name}", args=args)


def rows(name: str, *values: Form, saved: int = 0) -> Form:
    """What a formset of the form sends."""
    sent: Form = {f"{name}-TOTAL_FORMS": len(values), f"{name}-INITIAL_FORMS": saved}
    sent |= {f"{name}-MIN_NUM_FORMS": 0, f"{name}-MAX_NUM_FORMS": 1000}
    for number, row in enumerate(values):
        sent |= {f"{name}-{number}-{field}": value for field, value in row.items()}
    return sent


def price(amount: object, currency: str = "KES", interval: str = "month", **other: object) -> Form:
    """A row of prices."""
    return {"interval": interval, "amount_0": amount, "amount_1": currency, **other}


def form(plan: Plan | None = None, **changed: Any) -> Form:
    """What the form of a plan sends, as it is or as changed."""
    live = list(PlanPrice.objects.live().filter(plan=plan)) if plan else []
    sent: Form = {
        "name": "Starter",
        "slug": plan.slug if plan else "erp-starter",
        "description": "For a shop.",
        "products": [ProductFactory.create(slug="erp").pk],
        "family": PlanFamilyFactory.create().pk,
        "level": 10,
        "trial_days": 14,
        "seats_min": 1,
        "seats_max": "",
        "is_public": "on",
        **rows(
            "prices", *(price(row.amount.amount, interval=row.interval, id=row.pk) for row in live), saved=len(live)
        ),
        **rows("components"),
        **rows("limits"),
        **rows("features"),
        **rows("company_rows"),
    }
    return {name: value for name, value in (sent | changed).items() if value is not None}


def errors(client: Client, url: str, sent: Form) -> str:
    """The page with the form again."""
    answer = client.post(url, sent)
    assert answer.status_code == 200, "it was taken"
    return answer.content.decode()


def test_finance_makes_a_plan_with_all_it_holds(finance: User, company: Company) -> None:
    metric = MetricFactory.create(slug="payslips")
    charge = {"metric": metric.pk, "included_quantity": 25, "unit_price_0": "0.4655", "unit_price_1": "USD"}
    sent = form(
        **rows("prices", price("4500"), price("45000", interval="year"), price("35", "USD")),
        **rows("components", charge),
        **rows("limits", {"metric": metric.pk, "quantity": 100}),
        **rows("features", {"group": "Stock", "label": "Stores", "value": "1 store", "ORDER": 1}),
        **rows("company_rows", {"company": company.pk}),
    )
    assert client_of(finance).post(address("plan", "add"), sent).status_code == 302
    plan = Plan.objects.get()
    assert (plan.name, plan.level, plan.trial_days, plan.seats_max) == ("Starter", 10, 14, None)
    assert [product.slug for product in plan.products.all()] == ["erp"]
    assert list(plan.companies.all()) == [company]
    assert [str(row) for row in (*plan.limits.all(), *plan.features.all())] == ["Payslips: 100", "Stores"]
    assert plan.price("month", "KES").amount == Money(4500, "KES")
    assert plan.metered("USD")[0].unit_price == Money("0.4655", "USD")
    assert PlanPrice.objects.count() == 3
    events = ActivityEvent.objects.filter(verb="price.offered")
    assert {(event.actor, event.company) for event in events} == {(finance, None)}
    assert len(events) == 4


def test_companies_of_a_plan_are_looked_up_by_name(finance: User, company: Company, other_company: Company) -> None:
    plan = PlanFactory.create(level=10, is_public=False)
    page = client_of(finance).get(address("plan", "edit", plan.pk)).content.decode()
    assert "Choose a company" in page
    assert other_company.name not in page
    kept = {"id": PlanCompany.objects.create(plan=plan, company=company).pk, "company": company.pk}
    sent = form(plan, **rows("company_rows", kept, {"id": "", "company": other_company.pk}, saved=1))
    assert client_of(finance).post(address("plan", "edit", plan.pk), sent).status_code == 302
    assert set(plan.companies.all()) == {company, other_company}
    twice = form(plan, **rows("company_rows", *[{"id": "", "company": company.pk}] * 2))
    assert client_of(finance).post(address("plan", "edit", plan.pk), twice).status_code == 200
    assert set(plan.companies.all()) == {company, other_company}


def test_a_changed_amount_replaces_the_price(finance: User) -> None:
    plan = PlanFactory.create(level=10, month="4500", year="45000")
    old = plan.price("month", "KES")
    year = plan.price("year", "KES")
    url = address("plan", "edit", plan.pk)
    sent = form(
        plan, **rows("prices", price("5000", id=old.pk), price("45000.00", interval="year", id=year.pk), saved=2)
    )
    assert client_of(finance).post(url, sent).status_code == 302
    old.refresh_from_db()
    assert (old.amount, old.is_live) == (Money(4500, "KES"), False)
    plan = Plan.objects.get()
    assert plan.price("month", "KES").amount == Money(5000, "KES")
    assert plan.price("year", "KES") == year
    assert [event.verb for event in ActivityEvent.objects.all()] == ["price.replaced"]
    page = client_of(finance).get(url).content.decode()
    assert ('value="5000.00"' in page, 'value="4500.00"' in page) == (True, False)


def test_rows_may_change_places_and_be_taken_away(finance: User) -> None:
    plan = PlanFactory.create(level=10, month="4500", year="45000")
    month, year = plan.price("month", "KES"), plan.price("year", "KES")
    charged = MeteredComponentFactory.create(plan=plan)
    gone = {"metric": charged.metric_id, "included_quantity": 25, "unit_price_0": 60, "unit_price_1": "KES"}
    sent = form(
        plan,
        **rows("prices", price("4500", interval="year", id=month.pk), price("45000", id=year.pk), saved=2),
        **rows("components", gone | {"id": charged.pk, "DELETE": "on"}, saved=1),
    )
    assert client_of(finance).post(address("plan", "edit", plan.pk), sent).status_code == 302
    assert [str(row) for row in PlanPrice.objects.live()] == [
        "KES\N{NO-BREAK SPACE}45,000.00 a month",
        "KES\N{NO-BREAK SPACE}4,500.00 a year",
    ]
    assert (PlanPrice.objects.count(), MeteredComponent.objects.live().count()) == (4, 0)
    assert MeteredComponent.objects.count() == 1


def test_a_form_sent_as_it_was_changes_no_price(finance: User) -> None:
    plan = PlanFactory.create(level=10, month="4500")
    assert client_of(finance).post(address("plan", "edit", plan.pk), form(plan, name="Small")).status_code == 302
    assert Plan.objects.get().name == "Small"
    assert (PlanPrice.objects.count(), ActivityEvent.objects.filter(verb__startswith="price.").count()) == (1, 0)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (rows("prices", price("1"), price("2")), "two rows for the same thing in the same currency"),
        (rows("prices", price("-1")), "No price is negative."),
        (rows("prices", price("10.50", "UGX")), "has more digits than its currency"),
        (rows("prices", price("1", "XYZ")), "Select a valid choice"),
        ({"seats_min": 5, "seats_max": 4}, "the most are no fewer than the fewest"),
        ({"trial_days": 400}, "A trial lasts 365 days at most."),
        ({"level": 20}, "Another plan of the family has this level."),
        ({"is_recommended": "on"}, "Another plan of the family is recommended already."),
        ({"products": None}, "This field is required."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(finance: User, changed: Form, said: str) -> None:
    PlanFactory.create(level=20, slug="other", is_recommended=True)
    assert said in errors(client_of(finance), address("plan", "add"), form(**changed))
    assert (Plan.objects.count(), PlanPrice.objects.count()) == (1, 0)


def test_a_slug_stays(finance: User) -> None:
    plan = PlanFactory.create(level=10, slug="erp-starter")
    url = address("plan", "edit", plan.pk)
    assert "The slug stays as it is" in errors(client_of(finance), url, form(plan, slug="another"))
    assert Plan.objects.get().slug == "erp-starter"


def test_a_plan_is_archived_and_offered_again_after_asking(finance: User) -> None:
    plan, client = PlanFactory.create(level=10, month="4500"), client_of(finance)
    for name, archived in (("archive", True), ("restore", False)):
        url = address("plan", name, plan.pk)
        assert url in client.get(address("plan", "list")).content.decode()
        assert client.get(url).status_code == 200
        assert Plan.objects.get().is_archived is not archived
        assert client.post(url).status_code == 302
        assert Plan.objects.get().is_archived is archived


def test_an_archived_plan_keeps_its_prices(finance: User) -> None:
    plan = PlanFactory.create(level=10, month="4500", archived=True)
    row, url = PlanPrice.objects.get(), address("plan", "edit", plan.pk)
    sent = form(plan, is_recommended="on", **rows("prices", price("1", id=row.pk), saved=1))
    page = errors(client_of(finance), url, sent)
    assert "Offer it again before you change its prices." in page
    assert "An archived plan cannot be recommended." in page
    assert PlanPrice.objects.get().amount == Money(4500, "KES")
    assert client_of(finance).post(url, form(plan, name="Old")).status_code == 302


def test_the_preview_shows_what_is_not_saved_beside_the_others(finance: User) -> None:
    plan = PlanFactory.create(level=10, month="4500")
    PlanFactory.create(level=20, name="Business", month="14500")
    url, client = address("plan", "preview_on_edit", plan.pk), client_of(finance)
    row = plan.price("month", "KES")
    sent = form(
        plan,
        name="Renamed",
        **rows("prices", price("4999", id=row.pk), price("49990", interval="year"), saved=1),
        **rows("features", {"group": "Stock", "label": "Stores", "value": "2 stores", "ORDER": 1}),
    )
    assert client.post(url, sent).json() == {"is_valid": True, "is_available": True}
    by_month = client.get(f"{url}?mode=month-KES").content.decode()
    by_year = client.get(f"{url}?mode=year-KES").content.decode()
    for words in ("Renamed", "4,999.00", "2 stores", "Business", "14,500.00"):
        assert words in by_month
    assert "49,990.00" in by_year
    assert "This plan has no yearly price in KES." in by_year
    assert Plan.objects.get(pk=plan.pk).name != "Renamed"
    assert [str(price.amount.amount) for price in PlanPrice.objects.order_by("amount")] == ["4500.00", "14500.00"]


def test_a_new_plan_is_previewed_too(finance: User) -> None:
    url, client = address("plan", "preview_on_add"), client_of(finance)
    assert client.post(url, form(**rows("prices", price("4500")))).json()["is_available"] is True
    assert "4,500.00" in client.get(f"{url}?mode=month-KES").content.decode()
    assert Plan.objects.count() == 0


@pytest.mark.parametrize("model", ["product", "planfamily", "metric"])
def test_what_is_used_is_not_deleted_and_the_list_says_why(model: str, finance: User) -> None:
    terms = MeteredComponentFactory.create()
    record = {"product": terms.plan.products.get(), "planfamily": terms.plan.family, "metric": terms.metric}[model]
    client = client_of(finance)
    bulk = reverse("wagtail_bulk_action", args=["catalog", model, "delete"])
    for url in (address(model, "delete", record.pk), f"{bulk}?id={record.pk}"):
        page = client.post(url, follow=True).content.decode()
        assert "cannot be deleted: it is used by 1" in page
    assert (Product.objects.count(), PlanFamily.objects.count(), Metric.objects.count()) == (1, 1, 1)


def test_what_nobody_uses_is_deleted(finance: User) -> None:
    plan = PlanPriceFactory.create().plan
    assert client_of(finance).post(address("plan", "delete", plan.pk)).status_code == 302
    assert client_of(finance).post(address("product", "delete", Product.objects.get().pk)).status_code == 302
    assert (Plan.objects.count(), PlanPrice.objects.count(), Product.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("person", ["editor", "support", "owner", "developer"])
def test_nobody_else_sees_or_changes_the_catalog(person: str, request: pytest.FixtureRequest) -> None:
    client = client_of(request.getfixturevalue(person))
    plan = PlanFactory.create(level=10, month="4500")
    for model, record in (("plan", plan), ("planfamily", plan.family), ("product", Product.objects.get(slug="erp"))):
        for url in (address(model, "list"), address(model, "add"), address(model, "edit", record.pk)):
            assert client.get(url).status_code == 302
        assert client.post(address(model, "delete", record.pk)).status_code == 302
    for name in ("edit", "archive", "restore"):
        assert client.post(address("plan", name, plan.pk), form(plan, name="Mine")).status_code == 302
    plan.refresh_from_db()
    assert (plan.is_archived, plan.name != "Mine", PlanPrice.objects.live().count()) == (False, True, 1)


def product_form(**changed: Any) -> Form:
    """What the form of a new product sends."""
    fields = {"name": "CRM", "slug": "crm", "icon": "users", "description": "", "position": 5, "is_active": "on"}
    return {**fields, "launch_url": "", "health_url": "", **rows("shortcuts"), **rows("settings"), **changed}


def test_a_product_has_addresses_metrics_shortcuts_and_settings(staff: User) -> None:
    calls = MetricFactory.create(slug="calls")
    setting = {"key": "colour", "label": "Colour", "kind": "choice", "choices": "Red\r\nBlue", "default": "Red"}
    sent = product_form(
        launch_url="https://crm.example/sign-in/",
        health_url="http://10.0.0.7/health/",
        metrics=[calls.pk],
        **rows("shortcuts", {"label": "Leads", "icon": "users", "path": "/leads/", "ORDER": 1}),
        **rows("settings", {**setting, "ORDER": 1}),
    )
    assert client_of(staff).post(address("product", "add"), sent).status_code == 302
    product = Product.objects.get()
    assert product.health_url == "http://10.0.0.7/health/"
    assert [(row.label, row.path) for row in product.shortcuts.all()] == [("Leads", "/leads/")]
    assert [row.options for row in product.settings.all()] == [["Red", "Blue"]]
    assert list(product.metrics.all()) == [calls]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (rows("shortcuts", {"label": "Out", "icon": "users", "path": "//evil.example/"}), "begins with one slash"),
        (rows("settings", {"key": "a", "label": "A", "kind": "choice", "choices": "One"}), "Name at least two"),
        (rows("settings", {"key": "a", "label": "A", "kind": "number", "default": "x"}), "Write a whole number."),
    ],
)
def test_shortcuts_and_settings_that_make_no_sense_are_refused(staff: User, changed: Form, words: str) -> None:
    assert words in errors(client_of(staff), address("product", "add"), product_form(**changed))
    assert not Product.objects.exists()


def test_products_families_and_metrics_are_kept_too(staff: User) -> None:
    client = client_of(staff)
    for model, sent in {
        "product": product_form(),
        "planfamily": {"name": "CRM", "slug": "crm", "description": "", "moves": "up", "position": 5},
        "metric": {"name": "Calls", "slug": "calls", "unit": "call", "kind": "count", "position": 5},
    }.items():
        assert client.post(address(model, "add"), sent).status_code == 302
        assert "crm" in (page := client.get(address(model, "list")).content.decode()) or "calls" in page
    assert (Product.objects.get().slug, PlanFamily.objects.get().moves, Metric.objects.get().unit) == (
        "crm",
        "up",
        "call",
    )


def test_the_list_takes_as_many_queries_for_twenty_as_for_one(
    finance: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, url = client_of(finance), address("plan", "list")
    PlanFactory.create()
    client.get(url)
    with django_assert_num_queries(40, exact=False) as one:
        client.get(url)
    for number in range(19):
        PlanFactory.create(family=PlanFamilyFactory.create(slug=f"f{number}"))
    with django_assert_num_queries(len(one)):
        client.get(url)
