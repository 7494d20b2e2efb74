"""What `manage.py check` says about core's settings."""

from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core import checks
from django.core.checks import Error


def register() -> None:
    """Have `manage.py check` run these checks."""
    checks.register(encryption_keys)


def encryption_keys(**kwargs: Any) -> list[Error]:
    """Demand at least one key, and keys that Fernet takes; which is wrong is told by place, never by value."""
    keys = getattr(settings, "FIELD_ENCRYPTION_KEYS", [])
    if not keys:
        return [Error("FIELD_ENCRYPTION_KEYS is empty.", hint="Set it to a Fernet key.", id="core.E001")]
    return [
        Error(f"Key {place} of FIELD_ENCRYPTION_KEYS is not 32 bytes in URL-safe base64.", id="core.E002")
        for place, key in enumerate(keys, start=1)
        if not _is_key(key)
    ]


def _is_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True
