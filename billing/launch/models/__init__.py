"""Models of launch."""

from billing.launch.models.health import HealthDay, Incident, ProductHealth, State
from billing.launch.models.logouts import LogoutMessage
from billing.launch.models.reports import ProductFigure, ProductReport, ProductSync
from billing.launch.models.requests import AccessRequest
from billing.launch.models.sessions import ProductSession
from billing.launch.models.settings import ProductSettings

__all__ = [
    "AccessRequest",
    "HealthDay",
    "Incident",
    "LogoutMessage",
    "ProductFigure",
    "ProductHealth",
    "ProductReport",
    "ProductSession",
    "ProductSettings",
    "ProductSync",
    "State",
]
