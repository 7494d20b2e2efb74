"""Companies that dashboards are previewed as."""

from typing import Any, ClassVar

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from portal.accounts.models import Company, Membership
from portal.accounts.roles import Role

NOTE = "Editors who preview a dashboard see all that these companies’ owners see. Name none that real people work in."


@register_setting(icon="view")
class PreviewSettings(ClusterableModel, BaseGenericSetting):
    """Which companies are for show, as administrators say; no other is ever shown in a preview."""

    panels: ClassVar = [HelpPanel(NOTE), InlinePanel("companies", label="Company")]

    class Meta:
        verbose_name = "previews of dashboards"


class PreviewCompany(models.Model):
    """A company for show."""

    settings = ParentalKey(PreviewSettings, on_delete=models.CASCADE, related_name="companies")
    company = models.OneToOneField(Company, on_delete=models.CASCADE, related_name="+")

    panels: ClassVar = [FieldPanel("company")]

    class Meta:
        ordering = ["company__name"]

    def __str__(self) -> str:
        return str(self.company)


def owners() -> dict[str, Membership]:
    """The first owner of each company for show, by the mode of preview that shows what this owner sees."""
    shown = PreviewCompany.objects.filter(company__is_active=True).values("company")
    rows: Any = Membership.objects.filter(company__in=shown, role=Role.OWNER, user__is_active=True)
    found: dict[str, Membership] = {}
    for row in rows.select_related("company", "user").order_by("company__name", "pk"):
        found.setdefault(f"company-{row.company_id}", row)
    return found
