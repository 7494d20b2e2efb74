"""For which companies a plan is kept that not everybody sees."""

from django.db import models
from modelcluster.fields import ParentalKey

from portal.accounts.models import Company


class PlanCompany(models.Model):
    """One of the companies that see a plan which is not for everyone."""

    plan = ParentalKey("catalog.Plan", on_delete=models.CASCADE, related_name="company_rows")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "catalog_plan_companies"
        unique_together = [("plan", "company")]

    def __str__(self) -> str:
        return str(self.company)
