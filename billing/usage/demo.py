"""A year of use in the demo world, up to now: the same in every run for the same days, and what exists stays as it is.

Of the last days there are events, as products send them, and their figures are made of these; before them there are
figures alone, as where events are so old that they are gone.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

from django.db import transaction
from django.utils import timezone

from billing.catalog.models import Metric, Product
from billing.usage.models import DailyUsage, EventHorizon, StaleDay, UsageEvent
from billing.usage.services import rolling
from portal.accounts.models import Company, User
from portal.core import bulk
from portal.core.periods import start_of

DATA = Path(__file__).with_name("demo_usage.json")
EVENT_DAYS = 7
# Made up for when the demo world was not looked at for some weeks.
LONGEST_GAP = 34
# Monday to Sunday, and the minutes of the day at which something is sent.
RHYTHM = (1.0, 1.05, 1.1, 1.0, 0.9, 0.35, 0.08)
MINUTES = (500, 610, 820, 975)
FIGURES = (
    "company_id", "product_id", "metric_id", "user_id", "used_on", "total", "events", "highest", "last", "last_at"
)  # fmt: skip
EVENTS = ("company_id", "product_id", "metric_id", "user_id", "used_on", "event_id", "value", "occurred_at")


@dataclass(frozen=True, slots=True)
class Story:
    """A company uses a product, so many days back; `scale` is its share of what demo_usage.json says is usual."""

    company: Company
    product: Product
    days: int
    users: Sequence[User] = ()
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Course:
    """How one metric of a story goes: `base` on a usual day a year ago, `growth` a year; of levels it is the value.

    `uses` is how many answers a day a duration is of; `days` are those of the month on which something happens at all.
    """

    story: Story
    metric: Metric
    base: float
    growth: float
    uses: int = 0
    by_member: bool = False
    days: Sequence[int] = ()

    def values(self, day: date, today: date) -> Iterator[tuple[int | None, list[int]]]:
        """Who used it on a day, and the value at each of MINUTES."""
        if self.days and day.day not in self.days:
            return
        age = 1 + self.growth * (1 - (today - day).days / 365)
        usual = self.base * self.story.scale * age
        if self.metric.kind == Metric.Kind.LEVEL:
            yield None, [round(usual)]
        elif self.metric.kind == Metric.Kind.DURATION:
            yield None, [round(usual * self.jitter(day, minute)) for minute in MINUTES]
        else:
            usual *= 1.0 if self.days else RHYTHM[day.weekday()]
            yield from self.shares(day, usual)

    def shares(self, day: date, usual: float) -> Iterator[tuple[int | None, list[int]]]:
        """A day's number, cut among the members and the hours; the first of them does most."""
        users = [user.pk for user in self.story.users] if self.by_member else []
        weights = [1 / (1 + place) for place in range(len(users))]
        for place, user in enumerate(users or [None]):
            share = usual * (weights[place] / sum(weights) if users else 1)
            parts = [share * self.jitter(day, minute + place) / len(MINUTES) for minute in MINUTES]
            # What is less than one is done now and then.
            whole = [int(part + crc32(f"{self}{day}{user}{n}".encode()) % 100 / 100) for n, part in enumerate(parts)]
            if any(whole):
                yield user, whole

    def jitter(self, day: date, number: int) -> float:
        """From 0.8 to 1.2, always the same for the same."""
        return 0.8 + crc32(f"{self}{day}{number}".encode()) % 401 / 1000

    def __str__(self) -> str:
        return f"{self.story.company.slug} {self.story.product.slug} {self.metric.slug}"


@transaction.atomic
def create(stories: Sequence[Story], *, now: datetime) -> None:
    """Make what is missing up to an instant: the history of companies that have none, and events since the last."""
    today = timezone.localdate(now)
    known = set(DailyUsage.objects.order_by().values_list("company_id", "product_id").distinct())
    courses = [course for story in stories for course in _courses(story)]
    horizon = EventHorizon.objects.get_or_create(
        pk=1, defaults={"kept_from_on": today - timedelta(days=EVENT_DAYS)}
    )[0].kept_from_on  # fmt: skip
    new = [one for one in courses if (one.story.company.pk, one.story.product.pk) not in known]
    bulk.copy(DailyUsage, FIGURES, (row for one in new for row in _history(one, until=horizon, today=today)))
    rolling.add_up(companies={one.story.company.pk for one in new})
    first = max(horizon, today - timedelta(days=LONGEST_GAP))
    events = sorted((row for one in courses for row in _events(one, first, now)), key=lambda row: (row[1], row[5]))
    if events and bulk.add_new(UsageEvent, EVENTS, events, received_at=now):
        bulk.copy(StaleDay, ("company_id", "product_id", "used_on"), {(row[0], row[1], row[4]) for row in events})
        rolling.roll_up()


def _courses(story: Story) -> Iterator[Course]:
    usual = json.loads(DATA.read_text("utf-8")).get(story.product.slug, [])
    metrics = {metric.slug: metric for metric in story.product.metrics.all()}
    for row in usual:
        if row["metric"] in metrics:
            rest: dict[str, Any] = {key: value for key, value in row.items() if key != "metric"}
            yield Course(story, metrics[row["metric"]], **rest)


def _history(course: Course, *, until: date, today: date) -> Iterator[tuple[Any, ...]]:
    """Daily figures of the days before events begin."""
    story = course.story
    first = today - timedelta(days=story.days)
    for number in range((until - first).days):
        day = first + timedelta(days=number)
        at = start_of(day)
        for user, values in course.values(day, today):
            total, events = sum(values), len(values)
            if course.uses:
                events = max(round(course.uses * RHYTHM[day.weekday()] * story.scale), 1)
                total = total * events // len(values)
            last_at = at + timedelta(minutes=MINUTES[len(values) - 1])
            yield (
                story.company.pk, story.product.pk, course.metric.pk, user, day, total, events, max(values),
                values[-1], last_at,
            )  # fmt: skip


def _events(course: Course, first: date, now: datetime) -> Iterator[tuple[Any, ...]]:
    """What the product has sent since a day."""
    story, today = course.story, timezone.localdate(now)
    for number in range((today - first).days + 1):
        day = first + timedelta(days=number)
        at = start_of(day)
        for user, values in course.values(day, today):
            for minute, value in zip(MINUTES, values, strict=False):
                occurred_at = at + timedelta(minutes=minute)
                if value and occurred_at <= now:
                    name = f"demo {course} {day} {minute} {user or '-'}"
                    yield (
                        story.company.pk, story.product.pk, course.metric.pk, user, day, name[:100], value, occurred_at,
                    )  # fmt: skip
