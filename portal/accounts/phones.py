"""Phone numbers, as E.164 has them."""

import phonenumbers
from django.utils.translation import gettext as _

from portal.core.errors import DomainError


class BadPhone(DomainError):
    """This cannot be a phone number."""

    code = "bad_phone"


def check(value: str, *, country: str) -> str:
    """Return the number in the form of E.164, read as one dials it in the country; empty for nothing.

    Raises BadPhone on `phone`.
    """
    if not value.strip():
        return ""
    try:
        number = phonenumbers.parse(value, country or None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise BadPhone(_("This is not a phone number. Begin with + and the country's code."), field="phone")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
