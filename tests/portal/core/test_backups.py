"""A backup brings back every row and file, proves itself whole, and overwrites nothing unasked."""

import gzip
import json
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from psycopg import sql

from portal.accounts.models import Company
from portal.activity import sealing
from portal.activity import services as activity
from portal.core.services import backups, dumps
from portal.core.services.uploads import STORAGES, NotTaken, StoragePlace, places

pytestmark = pytest.mark.django_db
real = pytest.mark.django_db(transaction=True)


def contents() -> dict[str, bytes]:
    """All uploads."""
    found = {}
    for folder, place in places().items():
        for name in place.names():
            with storages[STORAGES[folder]].open(name) as file:
                found[f"{folder}/{name}"] = file.read()
    return found


def rows() -> dict[str, str]:
    """Every row of every table, as the database writes it."""
    with connection.cursor() as cursor:
        found = {}
        for table in dumps.counts():
            every = sql.SQL("SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM {} AS t")
            cursor.execute(every.format(sql.Identifier(table)))
            found[table] = cursor.fetchone()[0]
    return found


def folders(path: Path) -> dict[str, Any]:
    """Storages for uploads in folders of their own."""
    disk = "django.core.files.storage.FileSystemStorage"
    places = {"default": path / "media", "private": path / "private"}
    own = {alias: {"BACKEND": disk, "OPTIONS": {"location": place}} for alias, place in places.items()}
    return {**settings.STORAGES, **own}


def save_two() -> None:
    storages["default"].save("images/logo.png", ContentFile(b"picture"))
    storages["private"].save("documents/deed.pdf", ContentFile(b"secret deed"))


@pytest.fixture
def uploads(settings, tmp_path) -> None:
    """Two files in folders of this test's own."""
    settings.STORAGES = folders(tmp_path)
    save_two()


@pytest.fixture
def world(uploads, owner, viewer, company, staff) -> None:
    """People of a company with a secret, and events, some sealed."""
    Company.objects.filter(pk=company.pk).update(tax_id="P051234567X", name="Savanna – ünïcode \\ 'quoted'")
    for number in range(5):
        activity.record(verb="company.registered", actor=owner, company=company, data={"n": number})
        if number == 3:
            sealing.seal()


@pytest.fixture(scope="module")
def kept(tmp_path_factory, django_db_setup, django_db_blocker) -> Path:
    """A backup of an empty portal with two uploads, made once."""
    place = tmp_path_factory.mktemp("kept")
    with django_db_blocker.unblock(), override_settings(STORAGES=folders(place)):
        save_two()
        backups.backup(folder=place / "backup", at=timezone.now())
        connection.close()
    return place / "backup"


@pytest.fixture
def made(kept, uploads, tmp_path) -> Path:
    """A copy of that backup, to be spoiled."""
    return Path(shutil.copytree(kept, tmp_path / "backup"))


def restore(folder: Path, *options: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("restore", str(folder), *options, stdout=out)
    return out.getvalue()


def refusal(folder: Path, *options: str) -> str:
    """Why it is refused; nothing has changed then."""
    before, files = rows(), contents()
    with pytest.raises(CommandError) as error:
        restore(folder, *options)
    assert (rows(), contents()) == (before, files)
    return str(error.value)


@real
def test_everything_comes_back_after_everything_changed(world, tmp_path, owner, company):
    made = tmp_path / "backup"
    call_command("backup", str(made), stdout=StringIO())
    before, files = rows(), contents()
    Company.objects.create(name="Later", slug="later")
    Company.objects.filter(pk=company.pk).update(name="Changed", tax_id=None)
    activity.record(verb="company.registered", actor=owner)
    sealing.seal()
    storages["default"].save("images/later.png", ContentFile(b"later"))
    storages["private"].delete("documents/deed.pdf")
    assert "everybody signs in again" in restore(made, "--replace")
    assert (rows(), contents()) == (before, files)
    company.refresh_from_db()
    assert (company.name, company.tax_id) == ("Savanna – ünïcode \\ 'quoted'", "P051234567X")
    call_command("verify_activity", stdout=StringIO())
    activity.record(verb="company.registered", actor=owner)
    assert sealing.seal()[0] == 2
    assert Company.objects.create(name="Next", slug="next").pk > company.pk


@real
def test_backup_says_what_it_has_and_nobody_else_reads_it(world, tmp_path):
    out = StringIO()
    call_command("backup", str(tmp_path / "new"), stdout=out)
    assert "2 uploads" in out.getvalue()
    manifest = json.loads((tmp_path / "new" / "manifest.json").read_text())
    assert manifest["tables"]["activity_activityevent"] == 5
    assert sorted(manifest["files"]) == ["database.sql.gz", "media/images/logo.png", "private/documents/deed.pdf"]
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert not (tmp_path / "new.partial").exists()
    assert "P051234567X" not in gzip.decompress((tmp_path / "new" / "database.sql.gz").read_bytes()).decode()


def buckets() -> dict[str, Any]:
    """Storages that are no folders; one keeps what it gets in memory, as a bucket would elsewhere."""
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    return {**settings.STORAGES, "default": memory, "private": memory}


@real
def test_uploads_in_buckets_are_taken_along_and_come_back(settings, tmp_path, owner, company):
    settings.STORAGES = buckets()
    save_two()
    storages["default"].save("deep/er/one.png", ContentFile(b"1" * 3_000_000))
    before = contents()
    out = StringIO()
    call_command("backup", str(tmp_path / "b"), stdout=out)
    assert ("3 uploads" in out.getvalue(), "by its own means" in out.getvalue()) == (True, False)
    storages["default"].save("images/later.png", ContentFile(b"later"))
    storages["private"].delete("documents/deed.pdf")
    storages["default"].delete("images/logo.png")
    storages["default"].save("images/logo.png", ContentFile(b"another picture"))
    assert contents() != before
    restore(tmp_path / "b", "--replace")
    assert contents() == before
    # The same folder brings them to a portal that keeps its uploads on its disk.
    settings.STORAGES = folders(tmp_path / "elsewhere")
    restore(tmp_path / "b", "--replace")
    assert contents() == before


def test_private_files_in_the_public_bucket_are_counted_once(settings, db):
    storage = InMemoryStorage()
    for name in ("images/logo.png", "private/deed.pdf", "privateer.png"):
        storage.save(name, ContentFile(b"x"))
    assert sorted(StoragePlace(storage, without="private/").names()) == ["images/logo.png", "privateer.png"]


@pytest.mark.parametrize(("bucket", "expected"), [("one", "private/"), ("two", "")])
def test_what_is_left_out_follows_from_the_settings(settings, bucket, expected):
    s3 = "storages.backends.s3.S3Storage"
    private = {"bucket_name": bucket, "location": "private"}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": s3, "OPTIONS": {"bucket_name": "one"}},
        "private": {"BACKEND": s3, "OPTIONS": private},
    }
    found = places()
    assert (found["media"].without, found["private"].without) == (expected, "")


def test_a_storage_that_renames_is_told(tmp_path):
    class Renaming(InMemoryStorage):
        def get_available_name(self, name, max_length=None):
            return f"x{name}"

    (tmp_path / "a").write_bytes(b"a")
    storage = Renaming()
    with pytest.raises(NotTaken, match=r"keeps a\.png as xa\.png"):
        StoragePlace(storage).put("a.png", tmp_path / "a")
    assert list(StoragePlace(storage).names()) == []


def test_backup_never_overwrites(made):
    with pytest.raises(CommandError, match="is there already: name a new folder"):
        call_command("backup", str(made))


class TestRefused:
    def test_portal_that_is_not_empty(self, made):
        assert refusal(made).startswith("The database is not empty: --replace")

    @pytest.mark.parametrize("name", ["database.sql.gz", "media/images/logo.png", "private/documents/deed.pdf"])
    def test_file_that_was_changed(self, made, name):
        (made / name).write_bytes((made / name).read_bytes()[:-1] + b"!")
        assert refusal(made, "--replace") == f"{name} is not as it was written: its size or hash differs."

    def test_file_that_is_missing(self, made):
        (made / "private/documents/deed.pdf").unlink()
        assert refusal(made, "--replace") == "private/documents/deed.pdf is missing from the backup."

    def test_folder_that_is_no_backup(self, uploads, tmp_path):
        assert "is no backup" in refusal(tmp_path, "--replace")

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"format": 2}, "has format 2, and this portal reads 1"),
            ({"migrations": ["accounts.9999_later"]}, "of a newer portal: accounts.9999_later"),
            ({"files": {"../../etc/passwd": [1, ""]}}, "lies outside the backup"),
            # Within the backup, but below a folder of uploads these would lead out of it.
            ({"files": {"media//etc/passwd": [1, ""]}}, "lies outside the backup"),
            ({"files": {"media/../private/deed.pdf": [1, ""]}}, "lies outside the backup"),
        ],
    )
    def test_manifest_that_does_not_fit(self, made, change, expected):
        manifest = json.loads((made / "manifest.json").read_text())
        (made / "manifest.json").write_text(json.dumps(manifest | change))
        assert expected in refusal(made, "--replace")

    def test_keys_that_do_not_open_its_secrets(self, made, settings):
        settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
        with pytest.raises(CommandError, match="FIELD_ENCRYPTION_KEYS lacks the key"):
            restore(made, "--replace")

    @real
    def test_dump_that_breaks_off_leaves_everything_as_it_was(self, made):
        broken = made / "database.sql.gz"
        tables, rest = gzip.decompress(broken.read_bytes()).split(b"\nCOPY ", 1)
        # What some servers note on each column is passed over: no refusal names it.
        noted = b"\nALTER TABLE ONLY public.accounts_company ALTER COLUMN id SET (pg_attver=7);"
        broken.write_bytes(gzip.compress(tables + noted + b"\nSELECT no_such_function();\nCOPY " + rest, 1))
        manifest = json.loads((made / "manifest.json").read_text())
        manifest["files"]["database.sql.gz"] = backups._described(broken)
        (made / "manifest.json").write_text(json.dumps(manifest))
        assert "no_such_function" in refusal(made, "--replace")

    @real
    def test_programs_older_than_the_server(self, uploads, tmp_path, settings):
        (tmp_path / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
        (tmp_path / "pg_dump").chmod(0o755)
        settings.POSTGRES_PROGRAMS = str(tmp_path)
        server = dumps.server_version()
        with pytest.raises(
            CommandError, match=f"^pg_dump 9 cannot work with PostgreSQL {server}: set POSTGRES_PROGRAMS"
        ):
            call_command("backup", str(tmp_path / "backup"))

    @real
    def test_no_programs(self, uploads, tmp_path, settings):
        settings.POSTGRES_PROGRAMS = str(tmp_path)
        with pytest.raises(CommandError, match="There is no pg_dump: set POSTGRES_PROGRAMS"):
            call_command("backup", str(tmp_path / "backup"))
