"""What `manage.py check --deploy` says about sealing."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage

from portal.contracts.sealing import certificates
from portal.contracts.sealing.certificates import NoSeal

# So long before its end a certificate is exchanged without haste.
SOON = timedelta(days=30)


def register() -> None:
    """Have `manage.py check --deploy` run these checks."""
    checks.register(seal, deploy=True)


def seal(**kwargs: Any) -> list[CheckMessage]:
    """Say what is missing to seal contracts; a portal without contracts needs none of it."""
    if not certificates.is_set():
        text = "SEAL_CERTIFICATE and SEAL_KEY are not set: contracts can be signed, and are not sealed until they are."
        return [checks.Info(text, hint="docs/operations.md says how to make them.", id="contracts.I001")]
    try:
        certificates.identity()
        certificates.trusted_for_stamps()
    except NoSeal as fault:
        return [checks.Error(str(fault), id="contracts.E001")]
    if certificates.ends_at() - datetime.now(UTC) < SOON:
        return [
            checks.Warning(f"The certificate of seals ends on {certificates.ends_at():%Y-%m-%d}.", id="contracts.W001")
        ]
    return []
