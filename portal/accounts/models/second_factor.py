"""What proves a sign-in beside the password: an authenticator app, and recovery codes for when it is lost.

Both are devices of django-otp, which finds them by their base class. They count failures and make one wait twice as
long after each.
"""

import base64
import re
import secrets
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.crypto import salted_hmac
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from portal.core.fields import EncryptedTextField

if TYPE_CHECKING:
    from portal.accounts.models.users import User

    class ThrottledDevice(models.Model):
        """What django-otp's classes give, for the type checker."""

        user: "models.ForeignKey[User, User]"
        user_id: int
        name: "models.CharField[str, str]"
        confirmed: "models.BooleanField[bool, bool]"
        throttling_failure_count: "models.PositiveIntegerField[int, int]"
        objects: Any

        class Meta:
            abstract = True

        @property
        def persistent_id(self) -> str: ...
        def verify_is_allowed(self) -> tuple[bool, dict[str, Any] | None]: ...
        def throttle_reset(self, commit: bool = True) -> None: ...
        def throttle_increment(self, commit: bool = True) -> None: ...

else:

    class ThrottledDevice(ThrottlingMixin, Device):
        """A device that makes one wait after a wrong code: 1 second, then 2, then 4."""

        user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

        class Meta:
            abstract = True

        def get_throttle_factor(self) -> int:
            return 1


STEP, DIGITS, TOLERANCE = 30, 6, 1
# Letters and figures that nobody confuses on paper; 31 of them, ten in a code: 49 bits.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 10
RECOVERY_CODES = 10


def new_key() -> str:
    """Make a secret of 160 bits, the length that RFC 4226 recommends, in base32 as apps take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


class Authenticator(ThrottledDevice):
    """An app that shows a new code every 30 seconds (RFC 6238, SHA-1, six digits); each code is good once."""

    key = EncryptedTextField()
    # The time step of the last code that was taken; only later ones are from then on.
    last_step = models.BigIntegerField(default=-1)
    drift = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "confirmed"], name="accounts_authenticator_one")]

    def verify_token(self, token: str) -> bool:
        """Take a code of now, or of the step before or after, once; what is not six digits counts as no attempt."""
        allowed, _reason = self.verify_is_allowed()
        if not allowed or not re.fullmatch(rf"[0-9]{{{DIGITS}}}", token):
            return False
        clock = TOTP(base64.b32decode(self.key), step=STEP, digits=DIGITS, drift=self.drift)
        clock.time = time.time()
        if not clock.verify(int(token), tolerance=TOLERANCE, min_t=self.last_step + 1):
            self.throttle_increment()
            return False
        self.last_step, self.drift = clock.t(), clock.drift
        self.throttle_reset(commit=False)
        self.save()
        return True


class RecoveryCodes(ThrottledDevice):
    """Codes to write down, each good once; the database knows digests of those that are left."""

    digests = ArrayField(models.CharField(max_length=64), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="accounts_recoverycodes_one")]

    def verify_token(self, token: str) -> bool:
        """Take a code and forget it; what does not look like one counts as no attempt."""
        allowed, _reason = self.verify_is_allowed()
        code = plain(token)
        if not allowed or len(code) != CODE_LENGTH:
            return False
        digest = digest_of(code, self.user_id)
        if digest not in self.digests:
            self.throttle_increment()
            return False
        self.digests.remove(digest)
        self.throttle_reset(commit=False)
        self.save()
        return True


def plain(code: str) -> str:
    """A recovery code without what people write between its parts."""
    return "".join(letter for letter in code.upper() if letter in ALPHABET)


def digest_of(code: str, user_id: int) -> str:
    """What the database keeps of a recovery code; useless without the secret key."""
    return salted_hmac(f"accounts.recovery:{user_id}", code, algorithm="sha256").hexdigest()


def new_codes() -> list[str]:
    """Ten codes as people read them: "ABCDE-23456"."""
    letters = ("".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(RECOVERY_CODES))
    return [f"{code[:5]}-{code[5:]}" for code in letters]
