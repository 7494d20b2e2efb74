"""Coming to the portal with a company."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client, override_settings

from portal.accounts.forms.account import SignupForm
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
@pytest.mark.parametrize("page", ["/customer/register/", "/accounts/signup/"])
def test_of_two_clicks_at_once_one_makes_the_account_and_the_other_says_so(page: str) -> None:
    clients = [Client() for _ in range(4)]
    answers = race(lambda number: clients[number].post(page, NEW).status_code, threads=4)
    assert answers.count(302) == 1
    assert set(answers) <= {200, 302, 409}, "200 came late enough to see the account"
    made = (User.objects.count(), Company.objects.count(), Membership.objects.count(), EmailAddress.objects.count())
    assert made == ((1, 1, 1, 1) if "register" in page else (1, 0, 0, 1))


def test_an_address_that_is_taken_meanwhile_is_told_in_words(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    UserFactory.create(email="amina@acacia.example")
    monkeypatch.setattr(SignupForm, "validate_unique_email", lambda form, value: value)
    answer = Client().post("/customer/register/", NEW)
    assert answer.status_code == 409
    assert "This address got an account a moment ago. Sign in with it." in answer.content.decode()
    assert (User.objects.count(), Company.objects.count(), Consent.objects.count()) == (1, 0, 0)


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


BROKEN = (
    "Acacia\r\nBcc: b@evil.example",
    "Acacia\n\nOpen evil.example",
    "Acacia\x85x",
    "Acacia\u2028x",
    "\u202eaicacA x",
)


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("field", ["first_name", "last_name", "company_name"])
def test_names_stand_in_one_line_wherever_they_are_read(db: None, field: str, name: str) -> None:
    answer = Client().post("/customer/register/", {**NEW, field: name})
    assert answer.context["form"].errors[field] == ["Write it in one line, without special characters."]
    assert (User.objects.count(), Company.objects.count()) == (0, 0)


@pytest.mark.parametrize("name", BROKEN)
def test_a_company_keeps_its_name_in_one_line(owner: User, company: Company, portal_site: None, name: str) -> None:
    client = client_of(owner)
    shown = client.get("/customer/settings/edit/").context["form"].initial
    sent = {field: value for field, value in shown.items() if value} | {"name": name}
    assert "name" in client.post("/customer/settings/edit/", sent).context["form"].errors
    for field in ("name", "legal_name"):
        answer = client.patch("/api/business/v1/profile/", {field: name}, content_type="application/json")
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    unchanged = Company.objects.get(pk=company.pk)
    assert (unchanged.name, unchanged.legal_name) == (company.name, company.legal_name)
