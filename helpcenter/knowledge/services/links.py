"""Finds links within the help center that lead nowhere; other hosts are never called."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup
from django.db import transaction
from wagtail.contrib.redirects.models import Redirect

from helpcenter.knowledge.models import Audience, BrokenLink, HelpDocument, LinkCheck
from portal.core.services import jobs

CHUNK = 200
OWN_VIEWS = ("/help/", "/help/search/", "/help/feed/")


@transaction.atomic
def request_check(*, at: datetime) -> LinkCheck:
    """Let the worker check all links soon; a check that already waits or runs is returned instead of a second one."""
    unfinished = LinkCheck.objects.filter(state__in=[LinkCheck.State.QUEUED, LinkCheck.State.RUNNING])
    return unfinished.order_by("pk").first() or jobs.enqueue(job=LinkCheck(available_at=at), at=at)


def search(job: LinkCheck) -> list[BrokenLink]:
    """Look for broken links in every live help page, and let the job tell how far it is."""
    targets = known_targets()
    rows = HelpDocument.objects.select_related("audience").only("body_html", "audience").order_by("pk")
    found: list[BrokenLink] = []
    progress(job, pages=rows.count(), checked=0, found=0)
    for number, document in enumerate(rows.iterator(chunk_size=CHUNK), start=1):
        broken = dict(broken_in(document, targets))
        found += [BrokenLink(page_id=document.pk, target=target[:1000], reason=why) for target, why in broken.items()]
        if number % CHUNK == 0:
            progress(job, checked=number, found=len(found))
    progress(job, checked=job.pages, found=len(found))
    return found


def progress(job: LinkCheck, **changes: int) -> None:
    """Say how far a check is."""
    for name, value in changes.items():
        setattr(job, name, value)
    job.save(update_fields=list(changes))


def record(job: LinkCheck, found: list[BrokenLink], *, at: datetime) -> None:
    """Replace what was found before, and forget the checks before this one."""
    live = set(HelpDocument.objects.values_list("pk", flat=True))
    for link in found:
        link.found_at = at
    BrokenLink.objects.all().delete()
    rows = [link for link in found if link.page_id in live]
    BrokenLink.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    LinkCheck.objects.filter(pk__lt=job.pk).delete()


def known_targets() -> dict[str, Audience]:
    """Addresses of the help center that answer, each with its readers; a redirect counts as open to all."""
    everyone = Audience(rule="[]")
    targets = {f"{path}/": everyone for path in Redirect.objects.values_list("old_path", flat=True)}
    targets.update(dict.fromkeys(OWN_VIEWS, everyone))
    for path, rule in HelpDocument.objects.values_list("path", "audience__rule"):
        targets[path] = Audience(rule=rule)
    return targets


def broken_in(document: HelpDocument, targets: dict[str, Audience]) -> Iterator[tuple[str, str]]:
    """Targets in one body that do not exist or are closed to some of its readers, each with the reason."""
    soup = BeautifulSoup(document.body_html, "html.parser")
    anchors = {str(element["id"]) for element in soup.find_all(id=True)} | {"troubleshooter"}
    for link in soup.find_all("a"):
        target = str(link.get("href", ""))
        reason = "The link has no target: its page or file is gone."
        if target:
            reason = fault_of(target, anchors, targets, document.audience)
        if reason:
            yield target or link.get_text(" ", strip=True), reason


def fault_of(target: str, anchors: set[str], targets: dict[str, Audience], readers: Audience) -> str:
    """What is wrong with a target; an empty text for a good one."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return "This is not an address."
    if not parts.path and not parts.netloc and parts.fragment:
        return "" if unquote(parts.fragment) in anchors else "The page has no such heading."
    path = f"{parts.path.rstrip('/').removesuffix('.pdf')}/"
    if parts.netloc or not path.startswith("/help/"):
        return ""
    if path not in targets:
        return "No live page has this address."
    return "" if targets[path].contains(readers) else "Not everyone who reads this page may read that one."
