"""How somebody left a dashboard."""

from django.conf import settings
from django.db import models

from portal.accounts.desks import Kind


class DashboardState(models.Model):
    """The days that a person chose last on dashboards of one kind of desk; an address that names others goes before."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    desk_kind = models.CharField(max_length=10, choices=[(kind.value, kind.name.capitalize()) for kind in Kind])
    days = models.CharField(max_length=60, help_text="As an address says it: range=30.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "desk_kind"], name="home_dashboardstate_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.desk_kind}"
