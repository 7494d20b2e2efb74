"""How Labs is asked: within a time, with short answers, and never led to another place with a token in hand."""

from typing import Any

import requests

from portal.core.deadlines import Deadline

TIMEOUT = (5, 10)  # seconds to connect, and between two pieces of an answer
MOST_BYTES = 2 * 1024 * 1024
PIECE = 32 * 1024


class Guarded(Deadline):
    """Reads answers whole, up to a length, and follows no redirects."""

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Ask. Raises what `requests` raises, also for an answer that is too long or leads elsewhere."""
        response = super().send(request, *args, **{**options, "stream": True})
        try:
            if response.is_redirect:
                raise requests.TooManyRedirects("It leads elsewhere.")
            body = b""
            for piece in response.iter_content(PIECE):
                body += piece
                if len(body) > MOST_BYTES:
                    raise requests.exceptions.ContentDecodingError("Its answer is too long.")
        finally:
            response.close()
        vars(response).update(_content=body, _content_consumed=True)
        return response


def guard(session: requests.Session, *, seconds: float) -> None:
    """Let a session ask in this way, for so long in all; it is to be used by `with`."""
    # Not what a netrc file or a proxy of the machine says.
    session.trust_env = False
    session.headers.update({"Accept": "application/json", "User-Agent": "portal-projects"})
    for scheme in ("http://", "https://"):
        session.mount(scheme, Guarded(seconds))
