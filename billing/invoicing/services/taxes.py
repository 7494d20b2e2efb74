"""What tax a line is charged."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from billing.invoicing.models import TaxExemption, TaxRate
from portal.accounts import countries
from portal.core.errors import DomainError
from portal.core.money import rounded

if TYPE_CHECKING:
    from portal.accounts.models import Company

NOTHING = Decimal(0)


class UnknownRate(DomainError):
    """A country that taxes has no rate of this category on this day."""

    code = "unknown_tax_rate"


@dataclass(frozen=True, slots=True)
class Tax:
    """What is charged on one category; `reason` says why nothing is, `code` is the category of UNTDID 5305."""

    name: str
    percent: Decimal
    code: str
    reason: str = ""

    def on(self, net: Decimal, currency: str) -> Decimal:
        """The tax on an amount, a half away from zero."""
        return rounded(net * self.percent / 100, currency)


def taxes_of(company: "Company", *, day: date) -> dict[str, Tax]:
    """What this company is charged on this day, by category: by its country's rates, unless it is exempt.

    A country without any rate is one where no tax is charged: the sale leaves the vendor's country.
    """
    return taxes_for([company], day=day)[company.pk]


def taxes_for(companies: "Iterable[Company]", *, day: date) -> dict[int, dict[str, Tax]]:
    """What each of these companies is charged, as `taxes_of` says, by its key."""
    asked = list(companies)
    rates = TaxRate.objects.known_on(day, countries={company.country for company in asked})
    exemptions = TaxExemption.objects.known_on(day, companies=asked)
    return {company.pk: _taxes(company, rates[company.country], exemptions.get(company.pk)) for company in asked}


def _taxes(company: "Company", known: dict[str, TaxRate], exemption: TaxExemption | None) -> dict[str, Tax]:
    if not known:
        place = countries.name_of(company.country)
        abroad = Tax("VAT", NOTHING, "G", _("No VAT is charged on services to %(country)s") % {"country": place})
        return dict.fromkeys(TaxRate.Category, abroad)
    if exemption:
        return {category: Tax(rate.name, NOTHING, "E", exemption.shown) for category, rate in known.items()}
    return {category: Tax(rate.name, rate.percent, "S" if rate.percent else "Z") for category, rate in known.items()}


def tax_on(taxes: dict[str, Tax], category: str) -> Tax:
    """The tax of one category. Raises UnknownRate."""
    if category not in taxes:
        raise UnknownRate(_("No rate of tax is known for %(category)s lines there.") % {"category": category})
    return taxes[category]
