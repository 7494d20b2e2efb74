"""Keys that sign what the portal says of a member: the first signs, all are published.

`OIDC_PRIVATE_KEYS` holds them as PEM, one after another; line breaks may be escaped. Where none is set, in development
alone, one is made once and kept in the var folder.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jwt
from allauth.core.internal.jwkkit import jwk_thumbprint
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from jwt.algorithms import RSAAlgorithm

from portal.core.kept_files import kept

PEM = re.compile(r"-----BEGIN (?:RSA )?PRIVATE KEY-----.+?-----END (?:RSA )?PRIVATE KEY-----", re.DOTALL)
# RFC 7518, 3.3.
FEWEST_BITS = 2048
ALGORITHM = "RS256"
FILE = "oidc.pem"


@dataclass(frozen=True, slots=True)
class Key:
    """A key pair; `jwk` is its public half as products read it (RFC 7517), `kid` its thumbprint (RFC 7638)."""

    private: rsa.RSAPrivateKey
    jwk: dict[str, Any]

    @property
    def kid(self) -> str:
        """Which of the published keys it is."""
        return str(self.jwk["kid"])


def published() -> list[Key]:
    """All that are good, the one that signs first. Raises ImproperlyConfigured where none can be had."""
    found = PEM.findall(settings.OIDC_PRIVATE_KEYS.replace("\\n", "\n"))
    if not found and settings.DEVELOPMENT:
        found = [kept(Path(settings.VAR_DIR) / FILE, _new)]
    if not found:
        raise ImproperlyConfigured("OIDC_PRIVATE_KEYS holds no private key in PEM.")
    return [_load(pem) for pem in found]


def sign(claims: dict[str, Any], *, kind: str = "JWT") -> str:
    """Sign claims with the first key; `kind` is the `typ` of the header."""
    key = published()[0]
    return jwt.encode(claims, key.private, algorithm=ALGORITHM, headers={"kid": key.kid, "typ": kind})


def read(token: str, *, audience: str | None = None, is_aged: bool = False) -> dict[str, Any] | None:
    """What one of the keys has signed in the portal's name; None for anything else, and where it has run out.

    `is_aged` takes what has run out as well: hints may be old (OpenID Connect Core, 3.1.2.1).
    """
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        key = next((key for key in published() if key.kid == kid), None)
        if key is None:
            return None
        found: dict[str, Any] = jwt.decode(
            token,
            key.private.public_key(),
            algorithms=[ALGORITHM],
            audience=audience,
            issuer=settings.BASE_URL,
            options={"verify_exp": not is_aged, "verify_aud": audience is not None},
        )
    except jwt.PyJWTError:
        return None
    return found


@cache
def _load(pem: str) -> Key:
    """Read a key once a process: that takes a while."""
    private = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(private, rsa.RSAPrivateKey) or private.key_size < FEWEST_BITS:
        raise ImproperlyConfigured(f"OIDC_PRIVATE_KEYS takes RSA keys of {FEWEST_BITS} bits or more.")
    jwk = json.loads(RSAAlgorithm.to_jwk(private.public_key()))
    public = {"kty": jwk["kty"], "n": jwk["n"], "e": jwk["e"]}
    return Key(private, {**public, "use": "sig", "alg": ALGORITHM, "kid": jwk_thumbprint(public)})


def _new() -> bytes:
    private = rsa.generate_private_key(public_exponent=65537, key_size=FEWEST_BITS)
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
