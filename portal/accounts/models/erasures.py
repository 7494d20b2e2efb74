"""Requests to erase all data of a person or a company, and what came of them."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from portal.accounts.models.companies import Company
from portal.core.fields import EncryptedTextField
from portal.core.models import PublicIdModel
from portal.notifications.models import Sending


def digest_of(address: str) -> str:
    """What is kept of an address: it proves whose data was erased, and names nobody."""
    return salted_hmac("accounts.erasure", address.lower(), algorithm="sha256").hexdigest()


class ErasureQuerySet(models.QuerySet["Erasure"]):
    """Requests to erase."""

    def of(self, user: object, company: Company | None) -> Self:
        """That of a company; without one, that of the person."""
        return self.filter(company=company) if company else self.filter(person=user, company=None)


class Erasure(PublicIdModel):
    """A request to erase a person's data, or with `company` that company's; an approval of kind `erasure` decides."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="erasures")
    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT, related_name="erasures")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    # Of the person's address, once it is gone.
    address_digest = models.CharField(max_length=64, blank=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        permissions = [("decide_erasure", "Can decide on the erasure of data")]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(company=None), name="accounts_erasure_of_a_person"),
            models.UniqueConstraint(
                fields=["company"], condition=Q(company__isnull=False), name="accounts_erasure_of_a_company"
            ),
        ]

    def __str__(self) -> str:
        return f"All data of {self.company or self.person}"


class ErasureMail(Sending):
    """The last e-mail to a person whose data is erased; the address goes as soon as it is sent."""

    task: ClassVar[str] = "portal.accounts.tasks.send_erasure_mail"

    to = EncryptedTextField(null=True)

    def __str__(self) -> str:
        return f"Last e-mail {self.pk}"
