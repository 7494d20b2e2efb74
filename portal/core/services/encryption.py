"""Changing the keys that encrypted fields are written with."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models, transaction

from portal.core.fields import EncryptedTextField

BATCH = 200


def encrypted_fields() -> dict[type[models.Model], list[str]]:
    """Find every model that has encrypted fields, with their names.

    Those of lower apps come first: what a higher app copies from them as it is (`Sealed`) is then come to after them.
    """
    found = {
        model: [field.name for field in model._meta.local_fields if isinstance(field, EncryptedTextField)]
        for model in reversed(apps.get_models())
        if model._meta.managed and not model._meta.proxy
    }
    return {model: names for model, names in found.items() if names}


def rotate(*, model: type[models.Model], fields: list[str]) -> Iterator[int]:
    """Encrypt all rows of a model with the newest key; yield the number of rows done after each batch.

    Each batch locks its rows in a transaction of its own, so that no change made meanwhile is lost. It may be stopped
    and run again. Raises DecryptionFailed at a row that no key opens.
    """
    done, last = 0, None
    while True:
        with transaction.atomic():
            rows = model._base_manager.select_for_update().only(*fields).order_by("pk")
            batch = list((rows if last is None else rows.filter(pk__gt=last))[:BATCH])
            model._base_manager.bulk_update(batch, fields)
        if not batch:
            return
        done, last = done + len(batch), batch[-1].pk
        yield done
