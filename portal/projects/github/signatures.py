"""Signatures of GitHub's webhooks: https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries."""

import hashlib
import hmac
from collections.abc import Iterable

PREFIX = "sha256="


def sign(*, secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature-256 that GitHub gives this body."""
    return PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def fits(*, secrets: Iterable[str], body: bytes, signature: str) -> bool:
    """Whether one of the secrets signed exactly these bytes, compared in constant time; an empty one fits nothing."""
    given = signature.encode(errors="replace")
    return any(hmac.compare_digest(sign(secret=secret, body=body).encode(), given) for secret in secrets if secret)
