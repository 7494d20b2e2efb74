"""What an account reaches at Labs, read by jobs: every night, and when somebody asks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from portal.core.services import jobs
from portal.projects.labs import client
from portal.projects.labs.answers import Product
from portal.projects.labs.errors import NotOffered, Refused, Unreachable
from portal.projects.models import LabsAccount, LabsReading
from portal.projects.services.labs import matching, offers, tokens
from portal.projects.services.labs.offers import Told

SECONDS = 90
# Of so many projects details are read at a time.
MOST_TOLD = 40
State = LabsAccount.State
T = TypeVar("T")


@dataclass(slots=True)
class Read:
    """What was read; `products` is None when not even that was."""

    account: LabsAccount
    state: str = State.OK
    products: Sequence[Product] | None = None
    told: dict[str, Told] = field(default_factory=dict)


@transaction.atomic
def queue(*, account: LabsAccount, at: datetime) -> bool:
    """Have the worker look at an account; return whether that was not waiting already."""
    if LabsReading.objects.filter(account=account, state=LabsReading.State.QUEUED).exists():
        return False
    jobs.enqueue(job=LabsReading(account=account, created_at=at, available_at=at), at=at)
    return True


def queue_all(*, at: datetime) -> int:
    """Have the worker look at all accounts that Labs accepts; return how many these are."""
    waits = LabsReading.objects.filter(account=OuterRef("pk"), state=LabsReading.State.QUEUED)
    due = LabsAccount.objects.exclude(state=State.REFUSED).exclude(Exists(waits)).order_by("pk")
    rows = [(pk,) for pk in due.values_list("pk", flat=True).iterator()]
    jobs.enqueue_many(job_type=LabsReading, names=("account_id",), rows=rows, at=at)
    return len(rows)


def perform(pk: int) -> bool:
    """Look at one account if its job waits; return whether it did."""
    return jobs.perform(job_type=LabsReading, pk=pk, outside=_read, record=_record)


def _read(job: LabsReading) -> Read:
    """Ask Labs, once more with a new token where it refuses the one there is."""
    read = Read(LabsAccount.objects.select_related("user").get(pk=job.account_id))
    try:
        read.account = tokens.fresh(account=read.account)
        try:
            _ask(read)
        except Refused:
            read.account = tokens.fresh(account=read.account, refused=read.account.access_token)
            _ask(read)
    except Refused:
        read.state = State.REFUSED
    except (Unreachable, NotOffered):
        read.state = State.UNREACHABLE
    return read


def _ask(read: Read) -> None:
    account = read.account
    with client.asking(token=account.access_token, header=account.header, seconds=SECONDS) as labs:
        read.products = labs.products()
        matches = matching.of(account.user, read.products, at=timezone.now())
        known = offers.joined_keys(matches, read.products, user=account.user, at=timezone.now())
        for product in [product for product in read.products if product.key in known][:MOST_TOLD]:
            read.told[product.key] = _told(labs, product)


def _told(labs: client.Labs, product: Product) -> Told:
    return Told(
        _offered(lambda: labs.milestones(product), []),
        _offered(lambda: labs.releases(product), []),
        _offered(lambda: labs.usage(product), {}),
    )


def _offered(ask: Callable[[], T], nothing: T) -> T:
    """What Labs says, or nothing where it does not show that to the person."""
    try:
        return ask()
    except NotOffered:
        return nothing


def _record(job: LabsReading, read: Read) -> None:
    """Write what was read, in the transaction that ends the job."""
    at = timezone.now()
    LabsReading.objects.filter(pk=job.pk).update(result=read.state)
    if read.state == State.REFUSED:
        tokens.refuse(account=read.account, at=at)
        return
    held = LabsAccount.objects.select_for_update(of=("self",)).select_related("user").get(pk=job.account_id)
    if read.products is not None:
        held.read_at = at
        offers.record(account=held, products=read.products, told=read.told, at=at)
    held.state = read.state
    held.save(update_fields=["state", "read_at"])
