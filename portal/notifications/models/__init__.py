"""What people were told."""

from portal.notifications.models.notifications import Notification

__all__ = ["Notification"]
