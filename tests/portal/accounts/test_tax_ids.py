"""Tax numbers, by country."""

import pytest

from portal.accounts import phones, tax_ids


@pytest.mark.parametrize(
    ("country", "sent", "kept"),
    [
        ("KE", " p051365947m ", "P051365947M"),
        ("DE", "DE 136,695 976", "136695976"),
        ("GB", "GB 980 7806 84", "980780684"),
        ("UG", "1000-123456", "1000-123456"),
        ("KE", "", ""),
    ],
)
def test_a_number_of_the_country_is_kept_in_its_canonical_form(country: str, sent: str, kept: str) -> None:
    assert tax_ids.check(sent, country=country) == kept


@pytest.mark.parametrize(("country", "sent"), [("KE", "12345"), ("DE", "136695975"), ("UG", "?"), ("UG", "x")])
def test_what_cannot_be_a_number_of_the_country_is_refused(country: str, sent: str) -> None:
    with pytest.raises(tax_ids.BadTaxId) as refusal:
        tax_ids.check(sent, country=country)
    assert refusal.value.field == "tax_id"


def test_only_the_end_of_a_number_is_shown() -> None:
    assert tax_ids.masked("P051365947M") == "••••••••47M"
    assert tax_ids.masked(None) == ""


def test_phone_numbers_are_read_as_one_dials_them_in_the_country() -> None:
    assert phones.check("0712 345678", country="KE") == "+254712345678"
    assert phones.check("+44 20 7946 0018", country="KE") == "+442079460018"
    assert phones.check(" ", country="KE") == ""
    with pytest.raises(phones.BadPhone):
        phones.check("12", country="KE")
