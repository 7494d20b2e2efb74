"""What people were told, how, and what they want to be told."""

from portal.notifications.models.addresses import BlockedAddress, MailEvent
from portal.notifications.models.deliveries import Delivery, Digest, Sending
from portal.notifications.models.notifications import Notification
from portal.notifications.models.outbox import OutboxMessage
from portal.notifications.models.phones import PhoneCode
from portal.notifications.models.preferences import ContactSettings, Preference
from portal.notifications.models.templates import MessageTemplate

__all__ = [
    "BlockedAddress",
    "ContactSettings",
    "Delivery",
    "Digest",
    "MailEvent",
    "MessageTemplate",
    "Notification",
    "OutboxMessage",
    "PhoneCode",
    "Preference",
    "Sending",
]
