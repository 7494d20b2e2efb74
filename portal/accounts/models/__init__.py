"""People, the companies they belong to, and what they may do there."""

from portal.accounts.models.companies import Company, Membership
from portal.accounts.models.users import User

__all__ = ["Company", "Membership", "User"]
