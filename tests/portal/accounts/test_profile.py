"""What a company says of itself."""

import io
import struct
import zlib

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from PIL import Image

from portal.accounts.models import Company, User
from portal.accounts.services import companies, domains
from portal.accounts.tax_ids import BadTaxId
from portal.activity.models import ActivityEvent
from portal.core import files
from tests.cast import client_of
from tests.portal.accounts.papers import body, pdf, picture

PROFILE = {
    "name": "Savanna Foods",
    "legal_name": "Savanna Foods Limited",
    "registration_number": "CPR/2012/84",
    "tax_id": "p051365947m",
    "country": "KE",
    "industry": "agriculture",
    "size": "51-200",
    "website": "savanna.example",
    "email": "hello@savanna.example",
    "phone": "0712 345678",
    "labs_url": "",
}
ADDRESS = {
    "billing_email": "bills@savanna.example",
    "billing_street": "Mombasa Road 1",
    "billing_postal_code": "00100",
    "billing_city": "Nairobi",
    "billing_region": "",
    "billing_country": "",
}


def test_the_profile_is_saved_and_read(owner: User, company: Company) -> None:
    client = client_of(owner)
    assert client.post("/customer/settings/edit/", PROFILE)["Location"] == "/customer/settings/"
    company.refresh_from_db()
    assert (company.tax_id, company.phone, company.website) == (
        "P051365947M",
        "+254712345678",
        "https://savanna.example",
    )
    page = client.get("/customer/settings/").content.decode()
    assert "Savanna Foods Limited" in page
    assert "••••••••47M" in page
    assert "P051365947M" not in page
    event = ActivityEvent.objects.get(verb="company.changed")
    assert event.data["fields"] == (
        "e-mail, industry, phone, registered name, registration number, size, tax number, website"
    )


def test_the_tax_number_is_encrypted_at_rest(owner: User, company: Company) -> None:
    companies.change(company=company, values={"tax_id": "P051365947M"}, by=owner)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tax_id FROM accounts_company WHERE id = %s", [company.pk])
        assert "P051365947M" not in cursor.fetchone()[0]


@pytest.mark.parametrize(("field", "value"), [("tax_id", "123"), ("phone", "12"), ("country", "XX"), ("name", "")])
def test_what_cannot_be_is_said_on_its_field_and_changes_nothing(
    owner: User, company: Company, field: str, value: str
) -> None:
    answer = client_of(owner).post("/customer/settings/edit/", {**PROFILE, field: value})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert Company.objects.get(pk=company.pk).legal_name == ""
    assert not ActivityEvent.objects.filter(verb="company.changed").exists()


def test_another_country_asks_for_another_tax_number(owner: User, company: Company) -> None:
    companies.change(company=company, values={"tax_id": "P051365947M"}, by=owner)
    with pytest.raises(BadTaxId):
        companies.change(company=company, values={"country": "DE"}, by=owner)
    assert Company.objects.get(pk=company.pk).country == "KE"


def test_saving_what_is_there_already_is_no_change(owner: User, company: Company) -> None:
    for _ in range(2):
        companies.change(company=company, values={"tax_id": "P051365947M", "size": "1"}, by=owner)
    assert ActivityEvent.objects.filter(verb="company.changed").count() == 1


def test_the_billing_address_is_for_those_who_manage_billing(
    owner: User, company_admin: User, billing_member: User, viewer: User, company: Company
) -> None:
    answers = {
        person.email: client_of(person).post("/customer/settings/address/", ADDRESS).status_code
        for person in (company_admin, viewer, billing_member, owner)
    }
    assert list(answers.values()) == [403, 403, 302, 302]
    company.refresh_from_db()
    assert company.billing_lines == ["Mombasa Road 1", "00100 Nairobi"]
    assert client_of(billing_member).post("/customer/settings/edit/", PROFILE).status_code == 403


@pytest.mark.parametrize("missing", ["billing_email", "billing_street", "billing_city"])
def test_a_billing_address_says_what_it_lacks(owner: User, company: Company, missing: str) -> None:
    client = client_of(owner)
    assert client.post("/customer/settings/address/", ADDRESS).status_code == 302
    before = Company.objects.values().get(pk=company.pk)
    answer = client.post("/customer/settings/address/", ADDRESS | {missing: "  "})
    errors = answer.context["form"].errors
    assert (answer.status_code, list(errors)) == (200, [missing])
    assert errors[missing][0].startswith("Write the ")
    assert f'aria-describedby="id_{missing}_error"' in answer.content.decode()
    assert Company.objects.values().get(pk=company.pk) == before
    empty = client.post("/customer/settings/address/", dict.fromkeys(ADDRESS, ""))
    assert set(empty.context["form"].errors) == {"billing_email", "billing_street", "billing_city"}
    assert Company.objects.values().get(pk=company.pk) == before


def test_a_logo_is_drawn_anew_and_shown_to_the_company_alone(
    owner: User, viewer: User, stranger: User, staff: User, company: Company
) -> None:
    sent = client_of(owner).post("/customer/settings/logo/", {"logo": picture("x.jpg", kind="JPEG")})
    assert sent.status_code == 302
    company.refresh_from_db()
    with Image.open(company.logo) as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (256, 128))
    address = f"/customer/logos/{company.public_id}/"
    assert [client_of(person).get(address).status_code for person in (viewer, staff, stranger)] == [200, 200, 404]
    assert client_of(viewer).get(address)["Content-Disposition"] == 'inline; filename="logo.png"'


def test_a_logo_that_is_no_picture_is_refused(owner: User, company: Company) -> None:
    answer = client_of(owner).post("/customer/settings/logo/", {"logo": pdf("logo.png")})
    assert (answer.status_code, list(answer.context["logo_form"].errors)) == (200, ["logo"])
    assert answer.content.decode().count('id="id_logo_error"') == 1
    assert "not a file of a kind that is taken: JPG, PNG, WEBP" in answer.content.decode()
    broken = pdf("logo.png", picture().read()[:8] + b"not a picture" * 9)
    unread = client_of(owner).post("/customer/settings/logo/", {"logo": broken})
    assert list(unread.context["logo_form"].errors) == ["logo"]
    assert Company.objects.get(pk=company.pk).logo.name == ""


SCRIPT = b"<script>alert(1)</script>"
VECTOR = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"


def many_pixels(width: int, height: int) -> bytes:
    """A picture of few bytes and many pixels."""
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


def claims_to_be(width: int, height: int) -> bytes:
    """A picture whose head names a size that what follows does not have."""
    small = picture().read()
    head = b"IHDR" + struct.pack(">II", width, height) + small[24:29]
    return small[:12] + head + struct.pack(">I", zlib.crc32(head)) + small[33:]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (VECTOR, "not a file of a kind that is taken"),
        (b"GIF89a" + b"/*" + SCRIPT + b"*/=1;" + b"\x00" * 60, "not a file of a kind that is taken"),
        (SCRIPT + picture().read(), "not a file of a kind that is taken"),
        (picture().read() + b"\x00" * 2 * 1024 * 1024, "at most 2.0"),
        (picture().read() + b"\x00" * 11 * 1024 * 1024, "at most 2.0"),
        (many_pixels(5_001, 5_000), "too many pixels"),
        (claims_to_be(60_000, 60_000), "cannot be read"),
        (claims_to_be(4_000, 4_000), "cannot be read"),
    ],
    ids=["svg", "gif and script", "script and png", "2 MB", "11 MB", "many pixels", "bomb", "cut off"],
)
def test_a_picture_that_means_harm_is_refused_in_words(
    owner: User, company: Company, content: bytes, said: str
) -> None:
    sent = SimpleUploadedFile("logo.png", content, "image/png")
    answer = client_of(owner).post("/customer/settings/logo/", {"logo": sent})
    assert said in answer.context["logo_form"].errors["logo"][0]
    assert Company.objects.get(pk=company.pk).logo.name == ""
    assert not ActivityEvent.objects.filter(verb="company.changed").exists()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_else_a_picture_holds_is_not_kept(owner: User, viewer: User, company: Company, kind: str) -> None:
    """Behind the picture, or in its own data: what a browser gets is the picture drawn anew."""
    notes = Image.Exif()
    notes[0x010E] = SCRIPT.decode()
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(out, kind, exif=notes)
    sent = SimpleUploadedFile("logo.html", out.getvalue() + VECTOR + b"PK\x03\x04", "text/html")
    assert client_of(owner).post("/customer/settings/logo/", {"logo": sent}).status_code == 302
    shown = client_of(viewer).get(f"/customer/logos/{company.public_id}/")
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/png", "nosniff")
    held = body(shown)
    assert [part in held for part in (SCRIPT, b"svg", b"PK\x03\x04", b"eXIf", b"Exif")] == [False] * 5


def test_a_logo_can_be_taken_away(owner: User, company: Company, django_capture_on_commit_callbacks) -> None:
    client_of(owner).post("/customer/settings/logo/", {"logo": picture()})
    name = Company.objects.get(pk=company.pk).logo.name
    with django_capture_on_commit_callbacks(execute=True):
        client_of(owner).post("/customer/settings/logo/", {"remove": "1"})
    assert Company.objects.get(pk=company.pk).logo.name == ""
    assert not files.private_storage().exists(name)


def confirmed(user: User, email: str) -> None:
    EmailAddress.objects.create(user=user, email=email, verified=True)


def test_a_domain_is_claimed_by_a_confirmed_address_of_it(owner: User, company: Company) -> None:
    client = client_of(owner)
    client.post("/customer/settings/domain/", {"email_domain": "savanna.example"})
    assert Company.objects.get(pk=company.pk).email_domain == ""
    confirmed(owner, owner.email)
    client.post("/customer/settings/domain/", {"email_domain": "savanna.example"})
    company.refresh_from_db()
    assert company.email_domain == "savanna.example"
    assert company.email_domain_verified_at is not None


def test_a_public_domain_or_another_companys_is_nobodys(
    owner: User, stranger: User, company: Company, other_company: Company
) -> None:
    confirmed(owner, "me@gmail.com")
    with pytest.raises(domains.NotYourDomain):
        domains.claim(company=company, domain="gmail.com", by=owner, at=timezone.now())
    confirmed(owner, "a@shared.example")
    confirmed(stranger, "b@shared.example")
    domains.claim(company=company, domain="shared.example", by=owner, at=timezone.now())
    with pytest.raises(domains.DomainTaken):
        domains.claim(company=other_company, domain="Shared.example", by=stranger, at=timezone.now())
    assert Company.objects.get(pk=other_company.pk).email_domain == ""


def test_all_that_is_wrong_with_the_profile_is_said_at_once(owner: User, company: Company) -> None:
    wrong = {"tax_id": "A12", "phone": "12", "website": "no site", "email": "nobody"}
    answer = client_of(owner).post("/customer/settings/edit/", {**PROFILE, **wrong})
    assert set(answer.context["form"].errors) == set(wrong)
    assert Company.objects.get(pk=company.pk).legal_name == ""
