"""What can go wrong when something is handed to a provider."""

import socket


class NotAccepted(Exception):
    """The provider said no, or was not reached: nothing was sent, and it may be tried again."""


class OutcomeUnknown(Exception):
    """The connection ended before the provider answered: it may have been sent, and is not sent again."""


def never_connected(error: Exception) -> bool:
    """Whether no connection came about, so that nothing can have been sent; urllib3 hides the cause in its words."""
    words = repr(error)
    early = (ConnectionRefusedError, socket.gaierror)
    return isinstance(error, early) or any(
        name in words for name in ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError")
    )
