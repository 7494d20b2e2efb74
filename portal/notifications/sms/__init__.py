"""SMS behind one interface; the setting SMS_BACKEND names the module that sends them."""

from importlib import import_module
from typing import Protocol, cast

from django.conf import settings


class SmsBackend(Protocol):
    """A module that can send."""

    def send(self, *, to: str, text: str) -> str: ...


def send(*, to: str, text: str) -> str:
    """Send a text to a number in E.164 form, once; return the provider's reference.

    Raises NotAccepted when it was surely not sent, OutcomeUnknown when nobody can tell.
    """
    return cast("SmsBackend", import_module(settings.SMS_BACKEND)).send(to=to, text=text)
