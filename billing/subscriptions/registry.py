"""What apps above tell subscriptions, and what they do on a day's turn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from billing.catalog.models import Metric
from billing.subscriptions.models import Subscription
from portal.core.registry import Registry

if TYPE_CHECKING:
    from portal.accounts.models import Company


@dataclass(frozen=True, slots=True)
class Use:
    """A question: how much of a metric a subscription used from `starts_at` up to, not including, `ends_at`.

    Products of its plan that are in `without`, by their keys, do not count.
    """

    subscription: Subscription
    metric: Metric
    starts_at: datetime
    ends_at: datetime
    without: frozenset[int] = frozenset()


# Answers many questions at once, in their order; None where the reader knows nothing of the metric.
UsageReader = Callable[[Sequence[Use]], Sequence[int | None]]
usage: Registry[UsageReader] = Registry("readers of use")


def used(questions: Sequence[Use]) -> list[int | None]:
    """The answers of the first reader that knows, in the order of the questions."""
    answers: list[int | None] = [None] * len(questions)
    for read in usage.all() if questions else ():
        found = read(questions)
        answers = [known if known is not None else new for known, new in zip(answers, found, strict=True)]
    return answers


# Answers of what adds up, day by day from the day that is given with each; None where the reader knows nothing of it.
DaysReader = Callable[[Sequence[tuple[Use, date]]], Sequence[Mapping[date, int] | None]]
daily_usage: Registry[DaysReader] = Registry("readers of use by the day")


def used_by_day(questions: Sequence[tuple[Use, date]]) -> list[Mapping[date, int] | None]:
    """The answers of the first reader that knows, in the order of the questions."""
    answers: list[Mapping[date, int] | None] = [None] * len(questions)
    for read in daily_usage.all() if questions else ():
        found = read(questions)
        answers = [known if known is not None else new for known, new in zip(answers, found, strict=True)]
    return answers


@dataclass(frozen=True, slots=True)
class Step:
    """What else `process_subscriptions` does: dunning.

    `run` does what is due as of an instant and returns how much that is. It is called in no transaction, and if the
    instant is to come, knows first what became of all that was begun before. `first_day` is the first day up to one on
    which there is something to do, or one before it; None without any.
    """

    run: Callable[[datetime], int]
    first_day: Callable[[date], date | None]


# What is charged by itself for an invoice of this company that is issued now, in words; "" where nothing is.
charged: "Registry[Callable[[Company], str]]" = Registry("what is charged by itself")

steps: Registry[Step] = Registry("steps of processing subscriptions")
