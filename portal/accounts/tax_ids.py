"""Tax numbers: their format by country, with python-stdnum; where it knows none, anything that looks like a number."""

import re
from typing import Any

from django.utils.translation import gettext as _
from stdnum.exceptions import ValidationError as BadNumber
from stdnum.util import get_cc_module

from portal.accounts import countries
from portal.core.errors import DomainError

# In the order in which a country's number for business is looked for: most call it VAT, some only have one number.
KINDS = ("vat", "tin", "pin", "ein")
UNKNOWN = re.compile(r"[A-Z0-9][A-Z0-9 ./-]{3,29}")
SHOWN = 3


class BadTaxId(DomainError):
    """This cannot be a tax number of that country."""

    code = "bad_tax_id"


def rules_of(country: str) -> list[Any]:
    """The formats that a country's tax numbers have; none where nobody wrote them down."""
    found = [get_cc_module(country, kind) for kind in KINDS]
    return list(dict.fromkeys(module for module in found if module is not None))


def check(value: str, *, country: str) -> str:
    """Return the number in its canonical form, empty for nothing. Raises BadTaxId on `tax_id`."""
    text = value.strip().upper()
    if not text:
        return ""
    rules = rules_of(country)
    for rule in rules:
        try:
            return str(rule.validate(text))
        except BadNumber:
            continue
    if rules or not UNKNOWN.fullmatch(text):
        words = {"country": countries.name_of(country)}
        raise BadTaxId(_("This is not a tax number of %(country)s. Check for a slip.") % words, field="tax_id")
    return text


def masked(value: str | None) -> str:
    """The number as it is shown: its last three characters."""
    return "•" * max(len(value) - SHOWN, 0) + value[-SHOWN:] if value else ""
