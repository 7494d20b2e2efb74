"""Files on the disk."""

from django.core.files.storage import FileSystemStorage

from portal.core.storages.names import UnguessableNames


class UnguessableFiles(UnguessableNames, FileSystemStorage):
    """Files below MEDIA_ROOT under names that nobody guesses."""
