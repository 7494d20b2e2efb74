"""Text that the database keeps without being able to read it.

Keys are Fernet's (32 random bytes, base64), newest first in FIELD_ENCRYPTION_KEYS: the first encrypts, all decrypt.
`python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"` makes one.
"""

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class DecryptionFailed(Exception):
    """No key of FIELD_ENCRYPTION_KEYS opens a stored value: a key was dropped before its values were rotated."""


def encrypt(text: str) -> str:
    """Encrypt with the newest key; the same text gives another token each time."""
    return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(text.encode()).decode("ascii")


def decrypt(token: str) -> str:
    """Decrypt with whichever key fits. Raises DecryptionFailed, which says nothing of the content."""
    try:
        return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(token).decode()
    except InvalidToken:
        raise DecryptionFailed("No key of FIELD_ENCRYPTION_KEYS opens this value.") from None


@lru_cache(maxsize=8)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    """One cipher a list of keys; it has no state, so threads share it."""
    return MultiFernet([Fernet(key) for key in keys])
