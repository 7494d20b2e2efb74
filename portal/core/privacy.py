"""What each app knows of people and companies, how it hands that out, erases it, and when it forgets.

High apps fill these registries. Archives, erasure and the nightly clean-up themselves are `portal.accounts.services`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile

from portal.core.registry import Registry

if TYPE_CHECKING:
    from portal.accounts.models import Company, User

T = TypeVar("T")
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of an archive; `name` is what it is called there, below the exporter's folder."""

    name: str
    file: FieldFile


def no_files(owner: Any) -> Iterable[KeptFile]:
    """Nothing but records."""
    return ()


@dataclass(frozen=True, slots=True)
class Exporter(Generic[T]):
    """What an app has of one person, or of one company, for their archive.

    `records` yields one mapping after another, so that none has to hold them all; what it yields is of this person or
    company alone. The registry's key names the JSON file, and the folder of `files`.
    """

    records: Callable[[T], Iterable[Record]]
    files: Callable[[T], Iterable[KeptFile]] = no_files


person_exporters: "Registry[Exporter[User]]" = Registry("exporters of personal data")
company_exporters: "Registry[Exporter[Company]]" = Registry("exporters of a company's data")


@dataclass(frozen=True, slots=True)
class Erasing(Generic[T]):
    """Whose data is being erased, with name and proved addresses as they were."""

    owner: T
    name: str
    addresses: frozenset[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """What an erasure leaves, why, and the retention rule by which it goes later."""

    what: str
    why: str
    rule: str


@dataclass(frozen=True, slots=True)
class Eraser(Generic[T]):
    """How an app erases or anonymises what it has, in the transaction of the decision, idempotently.

    `erase` writes to the database alone and tells nobody; files go after commit (`files.delete_on_commit`). `what` says
    in words what goes, `keeps` what stays.
    """

    what: str
    erase: "Callable[[Erasing[T]], None]"
    keeps: tuple[Kept, ...] = ()


# Those of high apps run before those of the apps below.
person_erasers: "Registry[Eraser[User]]" = Registry("erasers of personal data")
company_erasers: "Registry[Eraser[Company]]" = Registry("erasers of a company's data")


def delete_rows(rows: "QuerySet[Any]") -> None:
    """Delete them with all that hangs on them."""
    rows.delete()


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long an app keeps something, and how it goes.

    `expired` gives the rows that ended before an instant, as querysets of one model each; `delete` gets some of them
    at a time, in a transaction. `days` is the period until staff set another, never below `least`; `why` says what the
    minimum follows from.
    """

    label: str
    days: int
    expired: "Callable[[datetime], Sequence[QuerySet[Any]]]"
    least: int = 1
    why: str = ""
    delete: "Callable[[QuerySet[Any]], None]" = delete_rows


retention_rules: Registry[RetentionRule] = Registry("retention rules")
