"""Identity that may be shown to the outside."""

import uuid

from django.db import models


class PublicIdModel(models.Model):
    """A record with an identifier for addresses and the API that tells neither order nor number of records."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True
