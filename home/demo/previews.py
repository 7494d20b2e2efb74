"""Companies that dashboards are previewed as: nobody works in those of the demo world."""

from home.demo.people import COMPANIES
from home.models import PreviewCompany, PreviewSettings
from portal.accounts.models import Company


def create() -> None:
    """Name the demo's companies, once: administrators may take them out again."""
    settings, is_new = PreviewSettings.objects.get_or_create()
    if not is_new:
        return
    for company in Company.objects.filter(slug__in=[slug for slug, _name, _currency in COMPANIES]).order_by("name"):
        PreviewCompany.objects.create(settings=settings, company=company)
