"""Archives of all data of a person or a company: asked for, made by the worker, downloaded for seven days."""

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import IO, TypeVar

from django.core.files import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import FileResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts import downloads, roles
from portal.accounts.models import Archive, Company, User
from portal.accounts.services import members
from portal.activity import services as activity
from portal.core import files
from portal.core.errors import Conflict, DomainError
from portal.core.models import Job
from portal.core.privacy import Exporter, KeptFile, Record, company_exporters, person_exporters
from portal.core.registry import Registry
from portal.core.services import jobs
from portal.notifications.services import notices

T = TypeVar("T")
KEPT_FOR = timedelta(days=7)
MOST_A_DAY = 3
ZIP = "application/zip"
# Of what does not fit into memory, the rest goes to the disk.
IN_MEMORY = 1024 * 1024


class ArchiveUnderWay(Conflict):
    """One archive of this person or company is being made."""

    code = "archive_under_way"


class TooManyArchives(DomainError):
    """Archives are made three times a day at most."""

    code = "too_many_archives"
    status = HTTPStatus.TOO_MANY_REQUESTS


class ArchiveNotReady(DomainError):
    """It is not made yet, could not be made, or its seven days are over."""

    code = "archive_not_ready"
    status = HTTPStatus.GONE


@transaction.atomic
def ask(*, person: User, company: Company | None, at: datetime) -> Archive:
    """Have an archive made of a person's own data, or for an owner of the company's.

    Raises NotAllowed, ArchiveUnderWay, TooManyArchives.
    """
    if company is not None:
        company = members.lock(company)
        _demand_owner(company, person)
    earlier = Archive.objects.of(person, company)
    if earlier.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]).exists():
        raise ArchiveUnderWay(_("An archive is being made already. You are told when it is ready."))
    if earlier.filter(created_at__gt=at - timedelta(days=1)).exclude(state=Job.State.FAILED).count() >= MOST_A_DAY:
        raise TooManyArchives(_("Three archives were made in the last day. Download one of them, or wait a day."))
    archive = Archive(person=person, company=company, created_at=at, available_at=at)
    try:
        with transaction.atomic():
            jobs.enqueue(job=archive, at=at)
    except IntegrityError:
        raise ArchiveUnderWay(_("An archive is being made already. You are told when it is ready.")) from None
    activity.record(verb="archive.asked", actor=person, company=company, at=at, label="")
    return archive


def build(*, pk: int) -> bool:
    """Make one archive and tell who asked; return whether it was there to be made.

    A file that no row names in the end is deleted: the person may have been erased while it was written.
    """
    made: list[str] = []

    def make(archive: Archive) -> tuple[str, int]:
        name, size = _make(archive)
        made.append(name)
        return name, size

    was_there = jobs.perform(job_type=Archive, pk=pk, outside=make, record=_record)
    for name in made:
        if not Archive.objects.filter(pk=pk, file=name).exists():
            files.private_storage().delete(name)
    return was_there


def download(*, archive: Archive, by: User, at: datetime) -> FileResponse:
    """Hand an archive out, and write that down. Raises ArchiveNotReady, NotAllowed for who is no owner any more."""
    if archive.company is not None:
        _demand_owner(archive.company, by)
    if not archive.is_ready(at=at):
        raise ArchiveNotReady(_("This archive cannot be downloaded any more. Have another one made."))
    return downloads.hand_out(
        file=archive.file,
        name=archive.file_name,
        content_type=ZIP,
        by=by,
        subject=archive,
        company=archive.company,
        label="",
        verb="archive.downloaded",
    )


def forget_file(archive: Archive) -> None:
    """Delete the file of an archive whose time is over; the row stays, and says so."""
    with transaction.atomic():
        files.delete_on_commit(archive.file)
        archive.file = ""
        archive.save(update_fields=["file"])


def forget(rows: "QuerySet[Archive]") -> None:
    """Delete archives, and after commit their files, also those that a worker left behind when it stopped."""
    for archive in rows:
        archive.delete_files()
        archive.delete()


def write(archive: Archive, out: IO[bytes]) -> None:
    """Write the ZIP: a JSON file for each exporter, their files, and a list of contents; never more than a row held."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        if archive.company is not None:
            contents = _pack(packed, company_exporters, archive.company)
        else:
            contents = _pack(packed, person_exporters, archive.person)
        about = {"data_of": str(archive.company or archive.person), "made_at": timezone.now(), "contents": contents}
        packed.writestr("contents.json", json.dumps(about, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False))


def _pack(packed: zipfile.ZipFile, exporters: Registry[Exporter[T]], owner: T) -> list[Record]:
    contents: list[Record] = []
    for key in exporters:
        exporter, name = exporters.get(key), f"{key}.json"
        with packed.open(name, "w", force_zip64=True) as out:
            contents.append({"file": name, "records": _write_json(out, exporter.records(owner))})
        contents.extend(
            {"file": f"{key}/{kept.name}", "is_missing": not _copy(packed, key, kept)} for kept in exporter.files(owner)
        )
    return contents


def _write_json(out: IO[bytes], records: Iterable[Record]) -> int:
    """Write an array with one record a line; return how many there are."""
    count = 0
    for count, record in enumerate(records, start=1):
        line = json.dumps(record, cls=DjangoJSONEncoder, ensure_ascii=False)
        out.write(("[\n" if count == 1 else ",\n").encode() + line.encode())
    out.write(b"\n]\n" if count else b"[]\n")
    return count


def _copy(packed: zipfile.ZipFile, folder: str, kept: KeptFile) -> bool:
    try:
        source = kept.file.open("rb")
    except FileNotFoundError:
        return False
    with source, packed.open(f"{folder}/{kept.name}", "w", force_zip64=True) as out:
        shutil.copyfileobj(source, out)
    return True


def _make(archive: Archive) -> tuple[str, int]:
    """Write the archive to the private storage; return its name and size. What an earlier attempt left is deleted."""
    storage = files.private_storage()
    for name in archive.names():
        storage.delete(name)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as out:
        write(archive, out)
        size = out.tell()
        out.seek(0)
        return storage.save(archive.names()[-1], File(out)), size


def _record(archive: Archive, made: tuple[str, int]) -> None:
    now = timezone.now()
    archive.file.name, archive.size = made
    archive.expires_at = now + KEPT_FOR
    archive.save(update_fields=["file", "size", "expires_at"])
    notices.notify(
        kind="archive_ready",
        people=[archive.person],
        key=f"archive {archive.public_id}",
        at=now,
        fields={
            "what": str(archive.company) if archive.company else _("your account"),
            "date": date_format(timezone.localtime(archive.expires_at), "j F Y, H:i"),
        },
        url=url_of(archive),
        company=archive.company,
    )


def url_of(archive: Archive) -> str:
    """The page of an archive."""
    start = "/customer/settings/privacy" if archive.company_id else "/accounts/privacy"
    return f"{start}/archives/{archive.public_id}/"


def _demand_owner(company: Company, person: User) -> None:
    roles.demand(members.membership_of(company, person), roles.Permission.GOVERN_COMPANY)
