"""What is wrong with a source."""

from portal.core.errors import DomainError


class UnreadableSource(DomainError):
    """A source file cannot be taken; the message says why, to whoever runs the import."""

    code = "unreadable_source"


class EmptySource(UnreadableSource):
    """There is nothing in a source file to make a page of."""

    code = "empty_source"
