"""One folder with all that the portal keeps: the database, the uploads, and a manifest that proves them whole."""

import hashlib
import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from portal.core import encryption
from portal.core.services import dumps, uploads

FORMAT = 1
MANIFEST, DATABASE = "manifest.json", "database.sql.gz"
PROBE = "portal"
Manifest = dict[str, Any]


class BackupRefused(Exception):
    """A backup cannot be made there or taken back from there; the message says why, and nothing was changed."""


def backup(*, folder: Path, at: datetime) -> Manifest:
    """Write everything into a new folder; half a backup is named `….partial`. Raises BackupRefused, DumpFailed."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupRefused(f"{folder} is there already: name a new folder.")
    half = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700, parents=True)
    copy_uploads(half)
    with dumps.snapshot() as name:
        tables, applied = dumps.counts(), _applied()
        dumps.dump(half / DATABASE, snapshot=name)
    # Again: what came meanwhile may belong to rows of the dump.
    copy_uploads(half)
    manifest = {
        "format": FORMAT,
        "made_at": at.isoformat(timespec="seconds"),
        "postgres": dumps.server_version(),
        "migrations": applied,
        "tables": tables,
        "key_probe": encryption.encrypt(PROBE),
        "files": {name: _described(half / name) for name in sorted(uploads.names_below(half))},
    }
    (half / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    if folder.exists():
        folder.rmdir()
    half.rename(folder)
    return manifest


def restore(*, folder: Path, replace: bool) -> Manifest:
    """Take a backup back into an empty portal, or with `replace` in place of all there is; people sign in again.

    Raises BackupRefused before anything is touched, DumpFailed where the database refused the dump and is as it was,
    uploads.NotTaken where the storage keeps a file under another name.
    """
    manifest = read(folder)
    if not replace:
        _refuse_unless_empty()
    dumps.load(folder / DATABASE, replace=replace)
    if dumps.counts() != manifest["tables"]:
        raise BackupRefused("The database took the dump but has other numbers of rows: restore it again.")
    put_uploads(folder, manifest)
    cache.clear()
    connection.close()
    return manifest


def read(folder: Path) -> Manifest:
    """Read a manifest and check all that it names. Raises BackupRefused with the first thing that is wrong."""
    try:
        manifest: Manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BackupRefused(f"{folder} is no backup: it has no {MANIFEST} that can be read.") from None
    if manifest.get("format") != FORMAT:
        raise BackupRefused(f"The backup has format {manifest.get('format')}, and this portal reads {FORMAT}.")
    newer = sorted(set(manifest["migrations"]) - _known())
    if newer:
        raise BackupRefused(f"The backup is of a newer portal: {newer[0]} is not known here.")
    try:
        encryption.decrypt(manifest["key_probe"])
    except encryption.DecryptionFailed:
        raise BackupRefused(
            "FIELD_ENCRYPTION_KEYS lacks the key that the backup's secrets were written with."
        ) from None
    for name, described in manifest["files"].items():
        if ".." in name.split("/") or "//" in name or not (folder / name).resolve().is_relative_to(folder.resolve()):
            raise BackupRefused(f"{name} lies outside the backup.")
        if not (folder / name).is_file():
            raise BackupRefused(f"{name} is missing from the backup.")
        if _described(folder / name) != described:
            raise BackupRefused(f"{name} is not as it was written: its size or hash differs.")
    return manifest


def copy_uploads(target: Path) -> None:
    """Copy what is not copied yet; a file that goes away meanwhile belongs to nothing any more."""
    for folder, place in uploads.places().items():
        for name in place.names():
            copy = target / folder / name
            if not copy.exists():
                copy.parent.mkdir(parents=True, exist_ok=True)
                _copy_if_there(place, name, copy)


def put_uploads(folder: Path, manifest: Manifest) -> None:
    """Make the uploads what the backup has, and nothing else."""
    for kept, place in uploads.places().items():
        wanted = {file.removeprefix(f"{kept}/") for file in manifest["files"] if file.startswith(f"{kept}/")}
        for name in set(place.names()) - wanted:
            place.delete(name)
        for name in wanted:
            place.put(name, folder / kept / name)


def _refuse_unless_empty() -> None:
    if connection.introspection.table_names():
        raise BackupRefused("The database is not empty: --replace puts the backup in the place of all there is.")
    for place in uploads.places().values():
        if next(place.names(), None):
            raise BackupRefused(f"{place} is not empty: --replace puts the backup in the place of all there is.")


def _copy_if_there(place: uploads.Place, name: str, copy: Path) -> None:
    try:
        place.fetch(name, copy)
    except FileNotFoundError:
        copy.unlink(missing_ok=True)


def _described(path: Path) -> list[Any]:
    with path.open("rb") as file:
        return [path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()]


def _applied() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationLoader(connection).applied_migrations)


def _known() -> set[str]:
    loader = MigrationLoader(None)
    replaced = {key for one in loader.disk_migrations.values() for key in one.replaces}
    return {f"{app}.{name}" for app, name in {*loader.disk_migrations, *replaced}}
