"""How often the API may be asked, by settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"].

The framework's own classes read a list of times and write it back, so that requests that come at once are not counted
together. These count each, from one whole minute to the next.
"""

from time import time
from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, ScopedRateThrottle, SimpleRateThrottle, UserRateThrottle

from portal.core.limits import counted


class Counted(SimpleRateThrottle):
    """Counts in the cache server."""

    # The rate, as the framework reads it: so many in so many seconds.
    num_requests: int
    duration: int
    seconds_left = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whether this one is among those that are allowed."""
        key = self.get_cache_key(request, view)
        if self.rate is None or key is None:
            return True
        window, passed = divmod(time(), self.duration)
        self.seconds_left = self.duration - passed
        return counted(f"{key}:{int(window)}", self.duration) <= self.num_requests

    def wait(self) -> float:
        """Seconds until requests are allowed again."""
        return self.seconds_left


class ByAddress(AnonRateThrottle, Counted):
    """Those who are not signed in, by where they come from."""


class ByPerson(UserRateThrottle, Counted):
    """Those who are signed in, by token or session alike."""


class ByScope(ScopedRateThrottle, Counted):
    """Views that say `throttle_scope`, more tightly."""
