"""Fields of our own: secrets, tokens, tax and bank numbers encrypted at rest, and amounts of money."""

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.lookups import IsNull
from djmoney.models.fields import MoneyField as DjangoMoneyField
from djmoney.money import Money

from portal.core import encryption

if TYPE_CHECKING:
    TextField = models.TextField[Any, Any]

    class MoneyField(models.DecimalField[Money, Money]):
        """An amount with its currency in a column of its own, `<name>_currency`: django-money's, which has no types."""
else:
    TextField = models.TextField
    MoneyField = DjangoMoneyField


class Sealed(str):
    """A value as an encrypted field keeps it, on its way to another encrypted field without being opened.

    `Cast("tax_id", TextField())` reads it. Copy it to a higher app alone, and lock the record that it is from: rotating
    the keys then waits for the copy, and comes to it after that record.
    """

    __slots__ = ()


class EncryptedTextField(TextField):
    """Text in Python, a Fernet token in the database.

    It can be read, written and tested for null; every other lookup is refused, since equal texts have unequal tokens.
    Wagtail revisions and `dumpdata` hold fields in plain text: keep it off models with drafts, and out of fixtures.
    """

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        """Decrypt what the database holds."""
        return None if value is None else self.to_plain(encryption.decrypt(value))

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt for the database."""
        if isinstance(value, Sealed):
            return str(value)
        return None if value is None else encryption.encrypt(self.from_plain(value))

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow `isnull` alone."""
        if lookup_name == "isnull":
            return IsNull
        raise FieldError(f"{self.name} is encrypted: it cannot be searched by {lookup_name}.")

    def to_plain(self, text: str) -> Any:
        """Make the Python value of the decrypted text."""
        return text

    def from_plain(self, value: Any) -> str:
        """Make the text to encrypt of a Python value."""
        return str(value)


class EncryptedJSONField(EncryptedTextField):
    """A JSON value in Python, one Fernet token in the database."""

    def to_plain(self, text: str) -> Any:
        """Read the JSON."""
        return json.loads(text)

    def from_plain(self, value: Any) -> str:
        """Write the JSON."""
        return json.dumps(value, cls=DjangoJSONEncoder)

    def to_python(self, value: Any) -> Any:
        """Leave values as they are: they are JSON's own types."""
        return value

    def formfield(self, **kwargs: Any) -> Any:
        """Edit it as JSON."""
        return super().formfield(**{"form_class": forms.JSONField, "widget": forms.Textarea, **kwargs})
