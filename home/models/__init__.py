"""The front door, the vendor's brand, dashboards and announcements."""

from home.models.announcements import Announcement
from home.models.brand import BrandSettings
from home.models.dashboards import DashboardPage
from home.models.front import HomePage

__all__ = ["Announcement", "BrandSettings", "DashboardPage", "HomePage"]
