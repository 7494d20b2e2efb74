"""The front door, the vendor's brand, dashboards and announcements."""

from home.models.announcements import Announcement
from home.models.brand import BrandSettings
from home.models.dashboards import DashboardPage
from home.models.front import HomePage
from home.models.previews import PreviewCompany, PreviewSettings
from home.models.states import DashboardState

__all__ = [
    "Announcement",
    "BrandSettings",
    "DashboardPage",
    "DashboardState",
    "HomePage",
    "PreviewCompany",
    "PreviewSettings",
]
