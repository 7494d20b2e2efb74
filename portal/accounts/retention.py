"""How long accounts keeps what has ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from portal.accounts.models import Archive, Consent, Erasure, ErasureMail, Invitation, SignIn, TokenFamily
from portal.accounts.services import archives
from portal.core.privacy import RetentionRule

Expired = Sequence[QuerySet[Any]]


def unseen_since(limit: datetime) -> Expired:
    """Browsers that nobody was signed in with since then."""
    return [SignIn.objects.filter(last_seen_at__lt=limit)]


def tokens_of_before(limit: datetime) -> Expired:
    """Sign-ins of programs that ran out before then."""
    return [TokenFamily.objects.filter(expires_at__lt=limit)]


def invited_before(limit: datetime) -> Expired:
    """Invitations whose seven days were over then, accepted, revoked or not."""
    return [Invitation.objects.filter(expires_at__lt=limit)]


def files_of_before(limit: datetime) -> Expired:
    """Archives that could not be downloaded any more then, and have a file still."""
    return [Archive.objects.filter(expires_at__lt=limit).exclude(file="")]


def forget_files(rows: "QuerySet[Any]") -> None:
    """Delete the files; the rows say that there were some."""
    for archive in rows:
        archives.forget_file(archive)


def asked_before(limit: datetime) -> Expired:
    """Archives without a file that were made, or given up, before then."""
    return [Archive.objects.filter(finished_at__lt=limit, file="")]


def erased_before(limit: datetime) -> Expired:
    """Erasures of people that were done before then."""
    return [Erasure.objects.filter(done_at__lt=limit, company=None)]


def forget_proofs(rows: "QuerySet[Any]") -> None:
    """Delete what was agreed to, and the fingerprint of the address."""
    Consent.objects.filter(user__in=rows.values("person")).delete()
    rows.delete()


def mailed_before(limit: datetime) -> Expired:
    """Last e-mails that are sent or given up."""
    return [ErasureMail.objects.filter(finished_at__lt=limit)]


RULES = {
    "erasures": RetentionRule(
        "Proof of what erased people agreed to",
        days=6 * 365 + 2,
        expired=erased_before,
        least=6 * 365 + 2,
        why="Claims from a contract end after six years (Kenya: Limitation of Actions Act, section 4).",
        delete=forget_proofs,
    ),
    "erasure_mails": RetentionRule("Last e-mails to erased people, without address", days=1, expired=mailed_before),
    "sign_ins": RetentionRule("Browsers that people signed in with", days=400, expired=unseen_since, least=30),
    "token_families": RetentionRule("Sign-ins of programs that ran out", days=30, expired=tokens_of_before),
    "invitations": RetentionRule("Invitations that have expired", days=90, expired=invited_before, least=7),
    "archive_files": RetentionRule(
        "Archives after their seven days", days=0, expired=files_of_before, least=0, delete=forget_files
    ),
    "archives": RetentionRule(
        "Who asked for an archive", days=365, expired=asked_before, least=1, delete=archives.forget
    ),
}
