"""One line for each thing that happened."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.activity.registry import hidden_from, verbs
from portal.core.models import PublicIdModel

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import Company, Membership, User


class ActivityEventQuerySet(models.QuerySet["ActivityEvent"]):
    """Events, as far as somebody may read them."""

    def visible_to(
        self, user: "User | AnonymousUser", *, company: "Company | None" = None, membership: "Membership | None" = None
    ) -> Self:
        """Events that `user` may read: at a company's desk the company's, but for what the membership may not see.

        `company` and `membership` are those of the request, which the middleware found among the user's own. Without a
        company everybody reads what they did themselves. Staff read everything, with a company all of that company.
        """
        if not user.is_authenticated:
            return self.none()
        if company is not None:
            return self.for_company(company).exclude(verb__in=[] if user.is_staff else hidden_from(membership))
        return self.all() if user.is_staff else self.by(user)

    def for_company(self, company: "Company") -> Self:
        """Events that concern one company."""
        return self.filter(company=company)

    def by(self, user: "User") -> Self:
        """Events that one person brought about."""
        return self.filter(actor=user)

    def about(self, subject: models.Model) -> Self:
        """The history of one record."""
        return self.filter(content_type=ContentType.objects.get_for_model(subject), object_id=str(subject.pk))

    def between(self, starts: datetime, ends: datetime) -> Self:
        """Events from `starts` up to, not including, `ends`."""
        return self.filter(at__gte=starts, at__lt=ends)

    def newest(self) -> Self:
        """The last first, with the actor at hand."""
        return self.order_by("-at", "-id").select_related("actor")


class ActivityEvent(PublicIdModel):
    """Who did what to what, and when. Append-only: the database refuses changes and deletions (migration 0002).

    `subject_label` is the record's name at that time, so that a sentence outlives it. Names and addresses of people
    never stand in label or data, where nobody could erase them: a person is actor or subject, looked up when read.
    """

    verb = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    company = models.ForeignKey(
        "accounts.Company", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    content_type = models.ForeignKey(
        ContentType, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    object_id = models.CharField(max_length=64, blank=True)
    subject = GenericForeignKey("content_type", "object_id")
    subject_label = models.CharField(max_length=255, blank=True)
    data = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)

    objects = ActivityEventQuerySet.as_manager()

    class Meta:
        verbose_name = "event"
        indexes = [
            models.Index(fields=["company", "-at", "-id"], name="activity_event_of_company"),
            models.Index(fields=["-at", "-id"], name="activity_event_newest"),
            models.Index(fields=["actor", "-at", "-id"], name="activity_event_by_actor"),
            models.Index(fields=["verb", "-at", "-id"], name="activity_event_of_verb"),
            models.Index(fields=["content_type", "object_id", "-at", "-id"], name="activity_event_about"),
        ]

    def __str__(self) -> str:
        return self.sentence()

    def sentence(self, subject: str = "") -> str:
        """Tell the event in words; `subject` names a person whom the label does not. Of an unknown verb, its code.

        What staff did in a company's place says why: `override` in the data.
        """
        if self.verb not in verbs:
            return self.verb
        actor = str(self.actor) if self.actor else _("The portal")
        names = {**self.data, "actor": actor, "subject": self.subject_label or subject}
        told = str(verbs.get(self.verb).sentence).format(**names)
        if "override" in self.data:
            return _("%(told)s, as our staff in the company's place: %(reason)s") % {
                "told": told,
                "reason": self.data["override"],
            }
        return told

    def link(self) -> str:
        """Address of the thing itself, where its verb knows one."""
        find = verbs.get(self.verb).link if self.verb in verbs else None
        return find(self) if find else ""


class ActivitySeal(models.Model):
    """The place of an event in the chain of hashes that shows what was changed, removed or inserted.

    The database writes an empty seal with each event and lets it be filled once (migration 0003); see
    docs/decisions/0010-sealed-activity.md.
    """

    # No foreign key in the database: the seal of an event that somebody removed stays and tells of it.
    event = models.OneToOneField(
        ActivityEvent, primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="seal"
    )
    sequence = models.BigIntegerField(null=True, unique=True)
    digest = models.BinaryField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["event"], condition=Q(sequence__isnull=True), name="activity_seal_awaited"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sequence__isnull=True, digest__isnull=True) | Q(sequence__gte=1, digest__isnull=False),
                name="activity_activityseal_whole_or_empty",
            )
        ]

    def __str__(self) -> str:
        return f"Seal {self.sequence}" if self.sequence else "A seal to come"
