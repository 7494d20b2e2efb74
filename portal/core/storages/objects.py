"""Files in an object storage."""

from django.conf import settings
from storages.backends.s3 import S3Storage

from portal.core.storages.names import UnguessableNames


class UnguessableObjects(UnguessableNames, S3Storage):
    """Objects of the default storage's bucket under names that nobody guesses."""

    def __init__(self) -> None:
        super().__init__(**settings.STORAGES["default"]["OPTIONS"])
