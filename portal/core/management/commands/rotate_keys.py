"""rotate_keys: encrypt every secret with the newest key, so that an old one may be dropped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.core.encryption import DecryptionFailed
from portal.core.services import encryption


class Command(BaseCommand):
    """Runs through all encrypted fields of all apps."""

    help = "Encrypts all encrypted fields with the first key of FIELD_ENCRYPTION_KEYS. May be stopped and run again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate model by model, telling how far it is."""
        for model, fields in encryption.encrypted_fields().items():
            done = 0
            try:
                for done in encryption.rotate(model=model, fields=fields):
                    self.stdout.write(f"{model._meta.label}: {done} rows", ending="\r")
            except DecryptionFailed as error:
                raise CommandError(f"{model._meta.label}, after {done} rows: {error} Add the missing key.") from error
            self.stdout.write(f"{model._meta.label}: {done} rows ({', '.join(fields)})")
        self.stdout.write(self.style.SUCCESS("Everything is encrypted with the newest key; older keys may be removed."))
