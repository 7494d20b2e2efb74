"""Countries by their code of ISO 3166-1, and the currency that a company there starts with."""

from django_countries import countries

DEFAULT = "KE"
# Where the portal has prices; everybody else starts with US dollars.
CURRENCIES = {"KE": "KES", "UG": "UGX", "TZ": "TZS", "RW": "RWF", "GB": "GBP"}
ELSEWHERE = "USD"


def choices() -> list[tuple[str, str]]:
    """Every country, by name."""
    return [(str(code), str(name)) for code, name in countries]


def name_of(code: str) -> str:
    """The name of a country; the code itself where it is none's."""
    return str(countries.name(code) or code)


def currency_of(code: str) -> str:
    """The currency that a company of this country starts with."""
    return CURRENCIES.get(code, ELSEWHERE)
