"""What is kept of products that were opened."""

from billing.launch.models.sessions import ProductSession

__all__ = ["ProductSession"]
