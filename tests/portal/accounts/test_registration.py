"""Coming to the portal with a company."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client, override_settings

from portal.accounts.models import Company, Consent, ConsentText, Membership, User
from portal.accounts.services import companies
from portal.activity.models import ActivityEvent
from tests.cast import client_of
from tests.factories import CompanyFactory, UserFactory
from tests.portal.core.threads import race

NEW = {
    "first_name": "Amina",
    "last_name": "Hassan",
    "email": "Amina@Acacia.example",
    "password1": "correct horse battery",
    "password2": "correct horse battery",
    "company_name": "Acacia Ltd.",
    "country": "UG",
    "industry": "retail",
    "size": "11-50",
    "consent": "on",
}
ANOTHER = {name: NEW[name] for name in ("company_name", "country", "industry", "size", "consent")}


def test_person_and_company_come_together_and_are_at_work_at_once(portal_site: None) -> None:
    client = Client()
    answer = client.post("/customer/register/", NEW)
    assert (answer.status_code, answer["Location"]) == (302, "/customer/dashboard/")
    company, user = Company.objects.get(), User.objects.get()
    assert (company.name, company.slug, company.country, company.currency) == ("Acacia Ltd.", "acacia-ltd", "UG", "UGX")
    assert (company.industry, company.size, company.verification) == ("retail", "11-50", "unverified")
    assert (user.email, user.get_full_name()) == ("amina@acacia.example", "Amina Hassan")
    assert Membership.objects.get().role == "owner"
    assert client.get("/customer/dashboard/").status_code == 200
    assert not EmailAddress.objects.get().verified


def test_consent_is_kept_with_version_and_time(db: None) -> None:
    Client().post("/customer/register/", NEW)
    given = Consent.objects.select_related("text", "user", "company")
    assert sorted((consent.text.kind, consent.text.version) for consent in given) == [
        ("privacy", "2026-11"),
        ("terms", "2026-11"),
    ]
    assert {consent.user.email for consent in given} == {"amina@acacia.example"}
    assert {consent.company for consent in given} == {Company.objects.get()}


@pytest.mark.parametrize(
    "missing", ["first_name", "email", "password1", "company_name", "country", "industry", "size", "consent"]
)
def test_what_is_missing_is_named_and_nothing_is_made(db: None, missing: str) -> None:
    answer = Client().post("/customer/register/", {**NEW, missing: ""})
    assert answer.status_code == 200
    assert missing in answer.context["form"].errors
    assert (User.objects.count(), Company.objects.count(), Consent.objects.count()) == (0, 0, 0)


def test_what_fills_in_the_hidden_field_makes_nothing_and_is_not_told_so(db: None, mailoutbox: list[object]) -> None:
    answer = Client().post("/customer/register/", {**NEW, "fax": "020 123"})
    assert answer.status_code == 302
    assert (User.objects.count(), Company.objects.count(), mailoutbox) == (0, 0, [])


@override_settings(ACCOUNT_RATE_LIMITS={"signup": "2/m/ip"})
def test_many_registrations_from_one_place_are_held_up(db: None) -> None:
    for number in range(2):
        Client().post("/customer/register/", {**NEW, "email": f"person{number}@acacia.example"})
    answer = Client().post("/customer/register/", {**NEW, "email": "late@acacia.example"})
    assert answer.status_code == 429
    assert Company.objects.count() == 2


def test_an_address_that_has_an_account_registers_no_company_with_it(db: None) -> None:
    UserFactory.create(email="amina@acacia.example")
    answer = Client().post("/customer/register/", NEW)
    assert answer.status_code == 200
    assert Company.objects.count() == 0


def test_somebody_signed_in_registers_a_further_company_and_acts_for_it(owner: User, portal_site: None) -> None:
    client = client_of(owner)
    assert client.post("/customer/register/", ANOTHER)["Location"] == "/customer/dashboard/"
    assert client.get("/customer/dashboard/").wsgi_request.company.name == "Acacia Ltd."
    assert sorted(owner.memberships.values_list("company__slug", flat=True)) == ["acacia-ltd", "savanna-foods"]
    assert User.objects.count() == 1


def test_a_further_company_needs_consent_too(owner: User) -> None:
    answer = client_of(owner).post("/customer/register/", {**ANOTHER, "consent": ""})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["consent"]
    assert Company.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "slug"), [("Acacia", "acacia-3"), ("!!!", "company"), ("Żółw & Søn", "zow-sn"), ("x" * 120, "x" * 74)]
)
def test_slugs_follow_from_the_name_and_are_free(owner: User, name: str, slug: str) -> None:
    CompanyFactory.create(slug="acacia")
    CompanyFactory.create(slug="acacia-2")
    assert companies.register(name=name, owner=owner).slug == slug


@pytest.mark.django_db(transaction=True)
def test_companies_of_one_name_that_come_at_once_all_get_a_slug() -> None:
    people = [UserFactory.create() for _ in range(4)]
    made = race(lambda number: companies.register(name="Acacia", owner=people[number]).slug, threads=4)
    assert sorted(map(str, made)) == ["acacia", "acacia-2", "acacia-3", "acacia-4"]


def test_registration_is_written_down(owner: User) -> None:
    companies.register(name="Acacia", owner=owner)
    verbs = ActivityEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["company.registered", "member.joined"]


def test_the_texts_can_be_read_by_everybody(db: None, client: Client) -> None:
    assert "Version 2026-11" in client.get("/legal/terms/").content.decode()
    assert client.get("/legal/nonsense/").status_code == 404
    ConsentText.objects.filter(kind="privacy").update(published_at="2099-01-01T00:00Z")
    assert client.get("/legal/privacy/").status_code == 404


def test_customers_sign_in_at_their_own_page(owner: User, portal_site: None) -> None:
    client = Client()
    assert "Sign in to your company" in client.get("/customer/login/").content.decode()
    client.post("/customer/login/", {"login": owner.email, "password": "a-long-password"})
    assert client.get("/customer/dashboard/").status_code == 200


def test_going_back_to_the_form_shows_what_was_filled_in(db: None) -> None:
    empty = Client().get("/customer/register/")
    assert empty["Cache-Control"] == "private, no-cache", "no-store would empty it"
    refused = Client().post("/customer/register/", {"first_name": "Neema"})
    assert "no-store" in refused["Cache-Control"]
