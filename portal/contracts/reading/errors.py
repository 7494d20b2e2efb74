"""What cannot be read."""

from portal.core.errors import DomainError


class UnreadableAgreement(DomainError):
    """The file is no agreement that can be read; the message says why."""

    code = "unreadable_agreement"
