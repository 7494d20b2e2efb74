"""One account a person, signed in to by e-mail address."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from portal.core.models import PublicIdModel
from portal.core.names import ONE_LINE


class UserManager(BaseUserManager["User"]):
    """Creates accounts; addresses are compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account for `email`; without a password nobody can sign in to it by password."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a member of staff who may do everything."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find the account that signs in with this address."""
        return self.get(email__iexact=username)


class User(PublicIdModel, AbstractBaseUser, PermissionsMixin):
    """A person. What the person may do follows from desks: companies, developer, agency, reseller, staff."""

    email = models.EmailField("e-mail address", max_length=254)
    first_name = models.CharField(max_length=80, blank=True, validators=[ONE_LINE])
    last_name = models.CharField(max_length=80, blank=True, validators=[ONE_LINE])
    is_staff = models.BooleanField("works for the vendor", default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    # Since when an authenticator app is asked for after the password; null for those who have none.
    second_factor_at = models.DateTimeField(null=True, editable=False)

    # Since when the account is nobody's; it stays, as the history and decisions refer to it.
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email_unique")]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """Name as shown to other people: first and last name, else the part of the address before the @."""
        if self.erased_at:
            return "Former member"
        return f"{self.first_name} {self.last_name}".strip() or self.email.partition("@")[0]

    def get_short_name(self) -> str:
        """Name used to address the person."""
        return self.first_name or self.get_full_name()
