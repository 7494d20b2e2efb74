"""Answers that were given, kept to be given again."""

from django.db import models


class IdempotencyKey(models.Model):
    """The answer to one request under a key of the caller; written in the transaction of what the request did."""

    scope = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=100)
    body = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="core_idempotencykey_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
