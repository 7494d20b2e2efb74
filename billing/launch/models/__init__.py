"""Models of launch."""

from billing.launch.models.health import HealthDay, Incident, ProductHealth, State
from billing.launch.models.sessions import ProductSession
from billing.launch.models.settings import ProductSettings

__all__ = ["HealthDay", "Incident", "ProductHealth", "ProductSession", "ProductSettings", "State"]
