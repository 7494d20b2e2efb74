"""A company's use of a plan over time."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from djmoney.money import Money

from billing.catalog.models import Plan, PlanFamily, PlanPrice
from billing.invoicing.models import InvoiceLine
from billing.subscriptions.models.periods import period_source
from billing.subscriptions.reckoning import next_boundary
from portal.accounts.models import Company
from portal.core.models import PublicIdModel
from portal.core.states import StateField, StateModel, transition

if TYPE_CHECKING:
    from billing.invoicing.models import Invoice
    from portal.accounts.models import User


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Subscriptions."""

    def for_company(self, company: Company) -> Self:
        """Those of one company, also ended ones."""
        return self.filter(company=company)

    def visible_to(self, user: "User") -> Self:
        """Those of the companies that `user` belongs to; staff see all."""
        return self.all() if user.is_staff else self.filter(company__memberships__user=user)

    def live(self) -> Self:
        """Those that have not ended."""
        return self.filter(status__in=Subscription.LIVE)

    def due(self, *, until: datetime) -> Self:
        """Those with which something is to be done before an instant, the first due first."""
        return self.filter(due_at__lt=until).order_by("due_at", "pk")

    def billed_by(self, invoice: "Invoice") -> Self:
        """Those that lines of an invoice are for."""
        sources = InvoiceLine.objects.filter(invoice=invoice, source__startswith=SOURCE)
        public_ids = {source.split()[1] for source in sources.values_list("source", flat=True) if source}
        return self.filter(public_id__in=public_ids)

    def with_prices(self) -> Self:
        """With company, family, plan, price and what is scheduled at hand."""
        return self.select_related(
            "company", "family", "plan__family", "price__plan__family", "next_price__plan__family"
        )

    def with_contents(self) -> Self:
        """The same, with products and what use costs."""
        return self.with_prices().prefetch_related("plan__products", "components__component__metric")


# How the sources of lines begin that are for subscriptions: "subscription <public id> …".
SOURCE = "subscription "


class Subscription(StateModel, PublicIdModel):
    """A company's use of a plan over time, at the price that it began with.

    The current period runs from `period_starts_at` up to, not including, `period_ends_at`; periods are counted from
    `anchor_at`, so that the billing day is kept. `due_at` is when `process_subscriptions` has something to do next.
    `next_price` and `next_seats` come with the next period. `version` counts what changed: a quote is good for one.
    """

    class Status(models.TextChoices):
        TRIALING = "trialing"
        ACTIVE = "active"
        PAST_DUE = "past_due", "Past due"
        SUSPENDED = "suspended"
        CANCELLED = "cancelled"
        EXPIRED = "expired"

    class CancelReason(models.TextChoices):
        TOO_EXPENSIVE = "too_expensive", "It costs too much"
        NOT_USED = "not_used", "We do not use it enough"
        MISSING = "missing_features", "Something that we need is missing"
        SWITCHED = "switched", "We use something else now"
        SERVICE = "service", "We are not happy with the service"
        CLOSING = "closing", "The business closes or changes"
        UNPAID = "unpaid", "It was not paid"
        OTHER = "other", "Another reason"

    LIVE = (Status.TRIALING, Status.ACTIVE, Status.PAST_DUE, Status.SUSPENDED)
    # What transitions and services change.
    MUTABLE = (
        "plan", "price", "seats", "status", "trial_ends_at", "anchor_at", "period_starts_at", "period_ends_at",
        "changed_at", "next_price", "next_seats", "renews_automatically", "cancels_at_period_end", "cancel_reason",
        "cancel_comment", "past_due_at", "suspended_at", "ended_at", "use_charged_until_at", "due_at", "version",
    )  # fmt: skip
    # While the products may be opened.
    OPEN = (Status.TRIALING, Status.ACTIVE, Status.PAST_DUE)

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="subscriptions")
    family = models.ForeignKey(PlanFamily, on_delete=models.PROTECT, related_name="subscriptions")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="subscriptions")
    price = models.ForeignKey(PlanPrice, on_delete=models.PROTECT, related_name="subscriptions")
    seats = models.PositiveIntegerField(default=1)
    contract_seats_min = models.PositiveIntegerField(
        "fewest seats", null=True, blank=True, help_text="By contract; left empty, the plan's."
    )
    contract_seats_max = models.PositiveIntegerField(
        "most seats", null=True, blank=True, help_text="By contract; left empty, the plan's."
    )
    status = StateField(max_length=9, choices=Status.choices, default=Status.ACTIVE)
    started_at = models.DateTimeField()
    trial_ends_at = models.DateTimeField(null=True, blank=True)
    anchor_at = models.DateTimeField()
    period_starts_at = models.DateTimeField()
    period_ends_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, help_text="When plan, price or seats last changed at once.")
    next_price = models.ForeignKey(PlanPrice, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    next_seats = models.PositiveIntegerField(null=True, blank=True)
    renews_automatically = models.BooleanField(default=True)
    cancels_at_period_end = models.BooleanField(default=False)
    cancel_reason = models.CharField(max_length=16, choices=CancelReason.choices, blank=True)
    cancel_comment = models.CharField(max_length=500, blank=True)
    past_due_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    use_charged_until_at = models.DateTimeField(help_text="Use before this instant is charged, or was free.")
    due_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    subscribed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["family__position", "-started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "family"],
                condition=Q(status__in=["trialing", "active", "past_due", "suspended"]),
                name="subscriptions_subscription_one_live",
            ),
            models.CheckConstraint(
                condition=Q(period_ends_at__gt=F("period_starts_at")), name="subscriptions_subscription_period"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["trialing", "active", "past_due", "suspended"], ended_at=None)
                | Q(status__in=["cancelled", "expired"], ended_at__isnull=False, due_at=None),
                name="subscriptions_subscription_ended_at",
            ),
            models.CheckConstraint(
                condition=~Q(status="trialing") | Q(trial_ends_at=F("period_ends_at")),
                name="subscriptions_subscription_trial_ends_at",
            ),
            models.CheckConstraint(condition=Q(seats__gte=1), name="subscriptions_subscription_seats"),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(due_at__isnull=False), name="subscriptions_due"),
            models.Index(fields=["trial_ends_at", "id"], condition=Q(status="trialing"), name="subscriptions_trials"),
            models.Index(fields=["status", "-started_at", "-id"], name="subscriptions_of_state"),
            models.Index(fields=["-started_at", "-id"], name="subscriptions_newest"),
            models.Index(fields=["company", "-started_at", "-id"], name="subscriptions_of_company"),
            models.Index(fields=["plan", "-started_at", "-id"], name="subscriptions_of_plan"),
        ]

    def __str__(self) -> str:
        return str(self.plan)

    @property
    def currency(self) -> str:
        """In which it is charged."""
        return str(self.price.amount.currency)

    @property
    def interval(self) -> str:
        """How long a period is: a month or a year."""
        return str(self.price.interval)

    @property
    def amount(self) -> Money:
        """What a period costs, without tax and use."""
        return self.price.charge(self.seats)

    @property
    def seats_min(self) -> int:
        """The fewest seats: by contract, else by plan."""
        return self.contract_seats_min or self.plan.seats_min

    @property
    def seats_max(self) -> int | None:
        """The most seats: by contract, else by plan; None where there is no maximum."""
        return self.contract_seats_max or self.plan.seats_max

    @property
    def seats_allowed(self) -> int | None:
        """How many members may use it: the seats that are paid, or with a price in all the most that there are."""
        return self.seats if self.price.is_per_seat else self.seats_max

    @property
    def is_live(self) -> bool:
        """Whether it has not ended."""
        return self.status in self.LIVE

    @property
    def is_open(self) -> bool:
        """Whether its products may be opened."""
        return self.status in self.OPEN

    @property
    def ends_by_itself(self) -> bool:
        """Whether it ends with the current period."""
        return self.cancels_at_period_end or not self.renews_automatically

    @property
    def has_scheduled_change(self) -> bool:
        """Whether something else comes with the next period."""
        return self.next_price_id is not None or self.next_seats is not None

    @property
    def source(self) -> str:
        """What the line names that charges the current period."""
        return period_source(str(self.public_id), self.period_starts_at)

    @transition(status, source=Status.TRIALING, target=Status.ACTIVE)
    def convert(self) -> None:
        """The trial is over and the first paid period begins."""

    @transition(status, source=Status.ACTIVE, target=Status.PAST_DUE)
    def mark_past_due(self, *, at: datetime) -> None:
        """An invoice was not paid in time; everything goes on."""
        self.past_due_at = at

    @transition(status, source=Status.PAST_DUE, target=Status.SUSPENDED)
    def suspend(self, *, at: datetime) -> None:
        """Products are closed until it is paid."""
        self.suspended_at = at

    @transition(status, source=[Status.PAST_DUE, Status.SUSPENDED], target=Status.ACTIVE)
    def reactivate(self) -> None:
        """All is paid."""
        self.past_due_at, self.suspended_at = None, None

    @transition(status, source=LIVE, target=Status.CANCELLED)
    def cancel(self, *, at: datetime) -> None:
        """It ends because somebody wanted it to, or because nobody paid."""
        self.ended_at, self.due_at = at, None

    @transition(status, source=LIVE, target=Status.EXPIRED)
    def expire(self, *, at: datetime) -> None:
        """It ends because it does not renew."""
        self.ended_at, self.due_at = at, None

    def use_due_at(self, *, is_metered: bool) -> datetime | None:
        """When a month's use is charged next: none where nothing is metered, in a trial, and while it is suspended."""
        if not is_metered or self.status not in (self.Status.ACTIVE, self.Status.PAST_DUE):
            return None
        return next_boundary(self.anchor_at, PlanPrice.Interval.MONTH, after=self.use_charged_until_at)

    def reschedule(self, *, is_metered: bool) -> None:
        """Reckon when something is to be done next; what is suspended waits, unless it ends with the period."""
        if not self.is_live or (self.status == self.Status.SUSPENDED and not self.ends_by_itself):
            self.due_at = None
        else:
            self.due_at = min(self.use_due_at(is_metered=is_metered) or self.period_ends_at, self.period_ends_at)

    def move_to(self, *, price: PlanPrice, seats: int) -> None:
        """Take another plan, price or number of seats."""
        self.plan, self.price, self.seats = price.plan, price, seats
        self.forget_scheduled_change()

    def begin_period(self, *, starts_at: datetime, ends_at: datetime) -> None:
        """Another period is the current one."""
        self.period_starts_at, self.period_ends_at = starts_at, ends_at

    def forget_scheduled_change(self) -> None:
        """Nothing else comes with the next period."""
        self.next_price, self.next_seats = None, None
