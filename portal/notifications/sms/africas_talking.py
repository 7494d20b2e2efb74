"""SMS through Africa's Talking: POST /version1/messaging, form in, JSON out.

Published at https://developers.africastalking.com/docs/sms/sending. The codes of acceptance (100 processed, 101 sent,
102 queued) are a setting, since the provider adds to them.
"""

from typing import Any

import requests
from django.conf import settings

from portal.notifications.errors import NotAccepted, OutcomeUnknown, never_connected

TIMEOUT = (5, 30)  # seconds to connect, and to wait for an answer


def send(*, to: str, text: str) -> str:
    """Send one text; return the provider's message id. Raises NotAccepted, OutcomeUnknown."""
    form = {"username": settings.SMS_USERNAME, "to": to, "message": text}
    if settings.SMS_SENDER:
        form["from"] = settings.SMS_SENDER
    headers = {"apiKey": settings.SMS_API_KEY, "Accept": "application/json"}
    try:
        answer = requests.post(settings.SMS_URL, data=form, headers=headers, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        kind = NotAccepted if never_connected(error) else OutcomeUnknown
        raise kind(f"{type(error).__name__} while talking to the SMS provider.") from error
    return _reference(answer)


def _reference(answer: requests.Response) -> str:
    if answer.status_code >= 500:
        raise OutcomeUnknown(f"The SMS provider answered {answer.status_code}.")
    if answer.status_code not in (200, 201):
        raise NotAccepted(f"The SMS provider answered {answer.status_code}.")
    recipient = _recipient(answer)
    if recipient.get("statusCode") not in settings.SMS_ACCEPTED_CODES:
        raise NotAccepted(f"The SMS provider refused: {recipient.get('status', 'no reason given')}"[:300])
    return str(recipient.get("messageId", ""))


def _recipient(answer: requests.Response) -> dict[str, Any]:
    """What became of the one recipient; without one the provider took nothing, and its message says why."""
    try:
        data = answer.json()["SMSMessageData"]
        recipients = data["Recipients"]
    except (ValueError, KeyError, TypeError) as error:
        raise OutcomeUnknown("The SMS provider's answer could not be read.") from error
    if not recipients:
        raise NotAccepted(f"The SMS provider refused: {data.get('Message', '')}"[:300])
    return dict(recipients[0])
