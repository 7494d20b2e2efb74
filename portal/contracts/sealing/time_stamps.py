"""Trusted time stamps (RFC 3161) from the server that the settings name."""

import asyncio
import time
from http import HTTPStatus

import requests
from asn1crypto import cms, core, tsp
from django.conf import settings
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from urllib3.exceptions import HTTPError

# RFC 3161, 3.4.
ASKS, ANSWERS = "application/timestamp-query", "application/timestamp-reply"
CONNECT_SECONDS, ALL_SECONDS = 5, 20
MOST_BYTES = 256 * 1024


class Answer(core.Sequence):
    """TimeStampResp of RFC 3161, 2.4.2: a refusal has no token, which asn1crypto's own class does not know."""

    _fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


class TimeStampServer(TimeStamper):
    """Asks the server; whatever goes wrong is a TimestampRequestError."""

    def __init__(self, url: str, auth: tuple[str, str] | None = None, *, seconds: float = ALL_SECONDS) -> None:
        super().__init__()
        self.url = url
        self.auth = auth
        self.seconds = seconds

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> Answer:
        """Ask for the stamp of one digest."""
        return await asyncio.to_thread(self._ask, req)

    def _ask(self, asked: tsp.TimeStampReq) -> Answer:
        try:
            content = self._answer(asked.dump())
            answer = Answer.load(content, strict=True)
            _check(asked, answer)
        except (requests.RequestException, HTTPError) as error:
            raise TimestampRequestError(f"The time stamp server was not reached: {error}") from error
        # What asn1crypto makes of bytes that are no answer.
        except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
            raise TimestampRequestError(f"The time stamp server's answer is none: {error}") from error
        return answer

    def _answer(self, body: bytes) -> bytes:
        """The bytes of a good answer, within the time that there is."""
        ends_at = time.monotonic() + self.seconds
        head = {"Content-Type": ASKS, "Accept": ANSWERS}
        limits = (min(CONNECT_SECONDS, self.seconds), self.seconds)
        with requests.post(
            self.url, data=body, headers=head, auth=self.auth, timeout=limits, allow_redirects=False, stream=True
        ) as answer:
            kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if answer.status_code != HTTPStatus.OK or kind != ANSWERS:
                raise TimestampRequestError(f"The time stamp server answered {answer.status_code} with {kind!r}.")
            content = b""
            # What is there already, and no more: a bite of a fixed size would wait for a server that drips.
            while bite := answer.raw.read1(4096):
                content += bite
                if len(content) > MOST_BYTES or time.monotonic() > ends_at:
                    raise TimestampRequestError("The time stamp server says too much, or too slowly.")
        return content


def server() -> TimeStampServer | None:
    """The server that the settings name; None without one."""
    if not settings.TIMESTAMP_URL:
        return None
    user = settings.TIMESTAMP_USER
    return TimeStampServer(settings.TIMESTAMP_URL, (user, settings.TIMESTAMP_PASSWORD) if user else None)


def _check(asked: tsp.TimeStampReq, answer: Answer) -> None:
    """Raise TimestampRequestError unless the answer is a stamp of what was asked for."""
    status = answer["status"]
    if status["status"].native != "granted":
        words = "; ".join(status["status_string"].native or [])
        raise TimestampRequestError(f"The time stamp server refused: {status['status'].native} {words}".strip())
    info = answer["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
    imprint, wanted = info["message_imprint"], asked["message_imprint"]
    if info["nonce"].native != asked["nonce"].native:
        raise TimestampRequestError("The time stamp server answered another question.")
    if imprint["hashed_message"].native != wanted["hashed_message"].native:
        raise TimestampRequestError("The time stamp is that of something else.")
