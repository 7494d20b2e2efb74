"""One decision that waits for, or was made by, somebody entitled to it."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Q, Value
from django.utils import timezone

from portal.approvals.registry import Fact, Kind, kinds
from portal.core.models import PublicIdModel
from portal.core.states import StateField, StateModel, transition

if TYPE_CHECKING:
    from portal.accounts.models import Company, Membership, User


MOST_COMPANIES = 50
# The database refuses words of more than 2 kB.
MOST_WORDS, LONGEST_WORD = 10, 100
# Up to so many finds of the index are looked up by their keys.
MOST_FEW = 1_000
SUBJECT_WORDS = SearchVector("subject_label", config="simple")
# The same, written so that no index is asked.
READ_WORDS = SearchVector("subject_label", Value(""), config="simple")
NEWEST = 100


class ApprovalQuerySet(models.QuerySet["Approval"]):
    """Approvals, as far as somebody may know of them."""

    def visible_to(self, user: "User", *, company: "Company | None" = None) -> Self:
        """Those that staff may decide; at a company's desk what the company decides; and what `user` waits for there.

        `company` is the request's, which the middleware found among the user's own.
        """
        may_decide = Q(kind__in=staff_kinds(user) if company is None else member_kinds())
        return self.at_desk(company).filter(_own(user, company) | may_decide)

    def awaited_by(self, user: "User", *, company: "Company | None" = None) -> Self:
        """What `user` waits for: asked there by the user, or about the user."""
        return self.at_desk(company).pending().filter(_own(user, company))

    def at_desk(self, company: "Company | None") -> Self:
        """Those of the company whose desk is in use; all, at other desks."""
        return self.all() if company is None else self.for_company(company)

    def for_staff(self, user: "User") -> Self:
        """Those of the kinds that this person may decide as staff, or has decided."""
        return self.filter(kind__in=staff_kinds(user))

    def for_company(self, company: "Company") -> Self:
        """Those that concern one company."""
        return self.filter(company=company)

    def about(self, subject: models.Model) -> Self:
        """Those of one subject."""
        return self.filter(content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk)

    def pending(self) -> Self:
        """Those that wait."""
        return self.filter(status=Approval.Status.PENDING)

    def waiting_for_staff(self, user: "User") -> Self:
        """Those that this member of staff is asked to decide; what companies decide themselves is not among them."""
        return self.pending().filter(kind__in=kinds_by_decider(user)[0])

    def waiting_for_member(self, membership: "Membership") -> Self:
        """Those that a member may decide for the company."""
        return self.pending().filter(company=membership.company_id, kind__in=kinds_of_member(membership))

    def oldest(self) -> Self:
        """In the order in which they came: whoever waits longest is first."""
        return self.order_by("asked_at", "pk")

    def oldest_of_kinds_first(self, codes: Iterable[str]) -> Self:
        """Those of these kinds before the others, both in the order in which they came."""
        rank = models.Case(models.When(kind__in=list(codes), then=0), default=1, output_field=models.IntegerField())
        return self.order_by(rank, "asked_at", "pk")

    def newest_decided(self) -> Self:
        """Those that wait no more, the last decision first."""
        return self.filter(decided_at__isnull=False).order_by("-decided_at", "-pk")

    def with_people(self) -> Self:
        """With company, asker, decider and the person concerned at hand."""
        return self.select_related("company", "asked_by", "decided_by", "concerns")

    def search(self, text: str, companies: Iterable[int] = ()) -> Self:
        """Those whose subject has words that begin so, or that concern one of these companies; all, without a word.

        The planner cannot tell a rare beginning from a common one. What is common among the newest is soon met in any
        order, and read row by row: the index of words would name every row of the list. Of the rest, one query asks the
        index at once; few finds are named by their keys.
        """
        words = [word[:LONGEST_WORD] for word in re.findall(r"\w+", text)[:MOST_WORDS]]
        if not words:
            return self.all()
        query = SearchQuery(" & ".join(f"{word}:*" for word in words), config="simple", search_type="raw")
        if self.model._default_manager.is_common(query):
            return self.alias(read=READ_WORDS).filter(Q(read=query) | Q(company__in=list(companies)))
        worded = self.alias(words=SUBJECT_WORDS)
        few = list(worded.filter(words=query).order_by().values_list("pk", flat=True)[: MOST_FEW + 1])
        matching = Q(pk__in=few) if len(few) <= MOST_FEW else Q(words=query)
        return worded.filter(matching | Q(company__in=list(companies)))

    def is_common(self, query: SearchQuery) -> bool:
        """Whether more than one in ten of the newest have these words."""
        newest = self.filter(pk__in=self.order_by("-pk").values("pk")[:NEWEST])
        return newest.alias(read=READ_WORDS).filter(read=query).count() > NEWEST // 10


class Approval(StateModel, PublicIdModel):
    """A request for a decision about a subject, and the decision; `subject_label` is its name at that time.

    `concerns` is the person whom the decision is about, where there is one: the person sees it waiting, and is the
    subject of its events, so that no name is written where nobody could erase it.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        REJECTED = "rejected"
        CANCELLED = "cancelled"

    kind = models.CharField(max_length=60)
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+", db_index=False)
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    subject_label = models.CharField(max_length=200)
    company = models.ForeignKey(
        "accounts.Company", null=True, on_delete=models.PROTECT, related_name="approvals", db_index=False
    )
    concerns = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    status = StateField(choices=Status.choices, default=Status.PENDING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "content_type", "object_id"],
                condition=Q(status="pending"),
                name="approvals_approval_one_pending",
            ),
            models.CheckConstraint(
                condition=Q(status="pending", decided_at=None) | (~Q(status="pending") & Q(decided_at__isnull=False)),
                name="approvals_approval_decided_at",
            ),
            models.CheckConstraint(
                condition=~Q(status="rejected") | ~Q(comment=""), name="approvals_approval_rejected_says_why"
            ),
            models.CheckConstraint(
                condition=Q(status="pending", decided_by=None)
                | Q(status__in=["approved", "rejected"], decided_by__isnull=False)
                | Q(status="cancelled"),
                name="approvals_approval_decided_by",
            ),
        ]
        # One for each way in which a list is narrowed and ordered, so that a page costs the same however long it is.
        indexes = [
            models.Index(fields=["kind", "asked_at", "id"], condition=Q(status="pending"), name="approvals_waiting"),
            models.Index(fields=["-asked_at", "-id"], name="approvals_newest"),
            models.Index(fields=["-decided_at", "-id"], name="approvals_decided"),
            models.Index(fields=["status", "-asked_at", "-id"], name="approvals_of_state"),
            models.Index(fields=["kind", "status", "-asked_at", "-id"], name="approvals_of_kind"),
            models.Index(
                fields=["company", "asked_at", "id"], condition=Q(status="pending"), name="approvals_waiting_company"
            ),
            models.Index(fields=["company", "-asked_at", "-id"], name="approvals_newest_company"),
            models.Index(fields=["company", "-decided_at", "-id"], name="approvals_decided_company"),
            models.Index(fields=["content_type", "object_id", "-asked_at"], name="approvals_about"),
            GinIndex(SUBJECT_WORDS, name="approvals_words"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.subject_label}"

    @property
    def rules(self) -> Kind:
        """What its kind says."""
        return kinds.get(self.kind)

    @property
    def label(self) -> str:
        """The name of its kind."""
        return kinds.get(self.kind).label if self.kind in kinds else self.kind

    def facts(self) -> list[Fact]:
        """What a decider reads of the subject; nothing of one that exists no more."""
        return list(self.rules.facts(self)) if self.kind in kinds and self.subject else []

    def facts_by_heading(self) -> dict[str, list[Fact]]:
        """The same by their headings, those without one first."""
        found: dict[str, list[Fact]] = {"": []}
        for fact in self.facts():
            found.setdefault(fact.heading, []).append(fact)
        return found

    @property
    def is_pending(self) -> bool:
        """Whether it waits."""
        return str(self.status) == self.Status.PENDING

    @transition(status, source=Status.PENDING, target=Status.APPROVED)
    def approve(self, *, by: "User", at: datetime, comment: str = "") -> None:
        """Say yes."""
        self.decided_by, self.decided_at, self.comment = by, at, comment

    @transition(status, source=Status.PENDING, target=Status.REJECTED)
    def reject(self, *, by: "User", at: datetime, comment: str) -> None:
        """Say no, and why."""
        self.decided_by, self.decided_at, self.comment = by, at, comment

    @transition(status, source=Status.PENDING, target=Status.CANCELLED)
    def cancel(self, *, by: "User | None", at: datetime) -> None:
        """Take the question back."""
        self.decided_by, self.decided_at = by, at


def _own(user: "User", company: "Company | None") -> Q:
    """Asked by the user at this desk (staff ask for companies too), or about the user."""
    asked = Q(asked_by=user) if company or user.is_staff else Q(asked_by=user, company=None)
    return asked | Q(concerns=user)


def staff_kinds(user: "User") -> list[str]:
    """The kinds that this person may decide as staff."""
    return [code for code in kinds if user.is_staff and user.has_perm(kinds.get(code).permission)]


def kinds_by_decider(user: "User") -> tuple[list[str], list[str]]:
    """Of the kinds that this person may decide as staff, those that staff are asked for, and those of companies."""
    codes = staff_kinds(user)
    own = [code for code in codes if kinds.get(code).member_may is None]
    return own, [code for code in codes if code not in own]


def member_kinds() -> list[str]:
    """The kinds that companies decide."""
    return [code for code in kinds if kinds.get(code).member_may is not None]


def kinds_of_member(membership: "Membership") -> list[str]:
    """The kinds that this member may decide for the company."""
    return [code for code in member_kinds() if (rule := kinds.get(code).member_may) and rule(membership)]


def companies_named(text: str) -> list[int]:
    """The keys of up to fifty companies whose name has this in it."""
    named = _companies().filter(name__icontains=text.strip()) if text.strip() else _companies().none()
    return list(named.order_by("name").values_list("pk", flat=True)[:MOST_COMPANIES])


def companies_called(slug: str) -> list[int]:
    """The key of the company with this slug: numbers let the database use an index where a join would not."""
    return list(_companies().filter(slug=slug).values_list("pk", flat=True))


def _companies() -> models.QuerySet["Company"]:
    model: Any = Approval._meta.get_field("company").related_model
    found: models.QuerySet[Company] = model._default_manager.all()
    return found
