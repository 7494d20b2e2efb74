"""One look at a dashboard: who looks, at which days, and where its parts are asked for."""

from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from portal.core import periods
from portal.core.http import PortalRequest
from portal.core.periods import Period
from portal.core.widgets import Scope

# What an address says of a dashboard; the rest of it is nobody's choice.
CHOICES = ("range", "from", "to", "find", "view")


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for a dashboard, with the days that its address names, or else those chosen last (`kept`)."""

    request: PortalRequest
    key: str
    period: Period

    @classmethod
    def of(cls, request: PortalRequest, kept: str = "") -> Self:
        """Read the address; `kept` is a range as `periods.kept` writes it."""
        return cls(request, *periods.chosen(request.GET, today=timezone.localdate(), kept=kept))

    @property
    def scope(self) -> Scope:
        """For whom and for which days figures are read."""
        return Scope(self.request, self.period)

    @property
    def range(self) -> dict[str, Any]:
        """What components/date_range.html takes."""
        return periods.shown_as(self.key, self.period)

    @property
    def choices(self) -> dict[str, str]:
        """What the address says; the days always, so that parts asked for later are of the same."""
        said = {name: self.request.GET[name] for name in CHOICES if self.request.GET.get(name)}
        return {**said, **periods.said(self.key, self.period)}

    @property
    def live_url(self) -> str:
        """Where parts of the dashboard are asked for again, as long as the viewer is at this desk."""
        desk = self.request.desk.key if self.request.desk else ""
        return f"{reverse('dashboard-live')}?{urlencode({'desk': desk, **self.choices})}"

    @property
    def all_url(self) -> str:
        """The same page with all that is else asked for later."""
        return f"?{urlencode({**self.choices, 'all': 1})}"
