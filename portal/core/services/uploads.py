"""Where uploads are, on this machine or in a bucket: named, taken along, and put back, file by file."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

# Folders of a backup and the storages that they hold.
STORAGES = {"media": "default", "private": "private"}


class NotTaken(Exception):
    """The storage keeps a file under another name than it was given; the message says which."""


class Place(Protocol):
    """The uploads of one storage."""

    def names(self) -> Iterator[str]:
        """All files, with slashes between folders."""

    def fetch(self, name: str, target: Path) -> None:
        """Copy a file out. Raises FileNotFoundError for one that went away meanwhile."""

    def put(self, name: str, source: Path) -> None:
        """Copy a file in, over one of this name. Raises NotTaken."""

    def delete(self, name: str) -> None:
        """Take a file away."""


class FolderPlace:
    """Uploads on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __str__(self) -> str:
        return str(self.folder)

    def names(self) -> Iterator[str]:
        """All files; links lead elsewhere and are none."""
        return names_below(self.folder)

    def fetch(self, name: str, target: Path) -> None:
        """Copy it with its times."""
        shutil.copy2(self.folder / name, target)

    def put(self, name: str, source: Path) -> None:
        """Copy it with its times."""
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, self.folder / name)

    def delete(self, name: str) -> None:
        """Remove it."""
        (self.folder / name).unlink()


class StoragePlace:
    """Uploads in a bucket, or wherever else a storage of Django keeps them; streamed, never held in memory whole."""

    def __init__(self, storage: Storage, *, without: str = "") -> None:
        self.storage = storage
        self.without = without

    def __str__(self) -> str:
        return "The storage of uploads"

    def names(self) -> Iterator[str]:
        """All files but those below `without`, which are another storage's."""
        return (name for name in self._below("") if not (self.without and name.startswith(self.without)))

    def fetch(self, name: str, target: Path) -> None:
        """Read it piece by piece."""
        with self.storage.open(name, "rb") as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)

    def put(self, name: str, source: Path) -> None:
        """Send it; one of this name goes first, as storages find another name for a second."""
        if self.storage.exists(name):
            self.storage.delete(name)
        with source.open("rb") as content:
            kept = self.storage.save(name, File(content))
        if kept != name:
            self.storage.delete(kept)
            raise NotTaken(f"The storage keeps {name} as {kept}.")

    def delete(self, name: str) -> None:
        """Delete it."""
        self.storage.delete(name)

    def _below(self, folder: str) -> Iterator[str]:
        folders, files = self.storage.listdir(folder)
        for name in files:
            # Some buckets list a folder as an empty file without a name.
            if name:
                yield f"{folder}{name}"
        for name in folders:
            if name:
                yield from self._below(f"{folder}{name}/")


def places() -> dict[str, Place]:
    """Where uploads are, by their folder in a backup."""
    return {folder: _place(alias) for folder, alias in STORAGES.items()}


def names_below(folder: Path) -> Iterator[str]:
    """The files of a folder and all folders in it, without links."""
    return (str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _place(alias: str) -> Place:
    storage = storages[alias]
    if isinstance(storage, FileSystemStorage):
        return FolderPlace(Path(storage.location))
    return StoragePlace(storage, without=_of_another(storage, alias))


def _of_another(storage: Any, alias: str) -> str:
    """What private files begin with where they are in the bucket of the public ones."""
    private: Any = storages["private"]
    bucket = getattr(storage, "bucket_name", None)
    shares = alias != "private" and bucket is not None and getattr(private, "bucket_name", None) == bucket
    location = str(getattr(private, "location", "")).strip("/") if shares else ""
    return f"{location}/" if location else ""
