"""Daily figures from events: a day of a company and product is always reckoned whole, from all its events.

So the order in which events come, how often a day is reckoned, and where a process was killed make no difference: what
stands there is what a rebuild gives. One statement takes the days that wait, reckons them and writes what has changed,
by member and added up; it sees the events of every day that it takes, as they were saved with it.

Days are taken in their order, all companies of one before the next: their events came together and lie together, so
each part of a large table is read once and not once for every company.
"""

from collections.abc import Collection
from datetime import date

from django.db import connection, transaction
from django.db.models import Max
from psycopg import sql

from billing.usage.models import EventHorizon, StaleDay
from portal.core import locks

# Days of one transaction: the database keeps no more of them in memory than one at a time.
DAYS = 200
LOCK = "roll-up of use"

# What stands by member of certain days, `rows`, added up in place of the totals of `those` days.
ADDED_UP = sql.SQL("""
totals AS MATERIALIZED (
    SELECT company_id, product_id, used_on, metric_id, least(sum(total), 9223372036854775807)::bigint AS total,
        sum(events)::bigint AS events, max(highest) AS highest, max(last_at) AS last_at,
        (array_agg(last ORDER BY last_at DESC, last DESC))[1] AS last
    FROM {rows} GROUP BY company_id, product_id, used_on, metric_id
), totals_gone AS (
    DELETE FROM usage_dailytotal AS daily WHERE {those} AND NOT EXISTS (
        SELECT FROM totals WHERE (totals.company_id, totals.product_id, totals.used_on, totals.metric_id)
            = (daily.company_id, daily.product_id, daily.used_on, daily.metric_id)
    )
), totals_written AS (
    INSERT INTO usage_dailytotal AS daily
        (company_id, product_id, used_on, metric_id, total, events, highest, last, last_at, changed_at)
    SELECT company_id, product_id, used_on, metric_id, total, events, highest, last, last_at, clock_timestamp()
    FROM totals
    ON CONFLICT (company_id, used_on, product_id, metric_id) DO UPDATE SET
        total = excluded.total, events = excluded.events, highest = excluded.highest, last = excluded.last,
        last_at = excluded.last_at, changed_at = excluded.changed_at
    WHERE (daily.total, daily.events, daily.highest, daily.last, daily.last_at)
        IS DISTINCT FROM (excluded.total, excluded.events, excluded.highest, excluded.last, excluded.last_at)
)
""")

TAKE = sql.SQL("""
WITH days AS (
    SELECT company_id, product_id, used_on FROM usage_staleday WHERE id <= %s
    GROUP BY company_id, product_id, used_on ORDER BY used_on, company_id, product_id LIMIT %s
), taken AS (
    DELETE FROM usage_staleday AS stale USING days
    WHERE (stale.company_id, stale.product_id, stale.used_on) = (days.company_id, days.product_id, days.used_on)
), figures AS MATERIALIZED (
    SELECT days.*, figure.* FROM days CROSS JOIN LATERAL (
        SELECT metric_id, user_id, least(sum(value), 9223372036854775807)::bigint AS total, count(*) AS events,
            max(value) AS highest, max(occurred_at) AS last_at,
            (array_agg(value ORDER BY occurred_at DESC, event_id COLLATE "C" DESC))[1] AS last
        FROM usage_usageevent AS event
        WHERE (event.company_id, event.product_id, event.used_on) = (days.company_id, days.product_id, days.used_on)
        GROUP BY metric_id, user_id
    ) AS figure
), gone AS (
    DELETE FROM usage_dailyusage AS daily USING days
    WHERE (daily.company_id, daily.product_id, daily.used_on) = (days.company_id, days.product_id, days.used_on)
    AND NOT EXISTS (
        SELECT FROM figures WHERE (figures.company_id, figures.product_id, figures.used_on, figures.metric_id)
            = (daily.company_id, daily.product_id, daily.used_on, daily.metric_id)
        AND figures.user_id IS NOT DISTINCT FROM daily.user_id
    )
), written AS (
    INSERT INTO usage_dailyusage AS daily
        (company_id, product_id, used_on, metric_id, user_id, total, events, highest, last, last_at)
    SELECT company_id, product_id, used_on, metric_id, user_id, total, events, highest, last, last_at FROM figures
    ON CONFLICT (company_id, used_on, product_id, metric_id, user_id) DO UPDATE SET
        total = excluded.total, events = excluded.events, highest = excluded.highest, last = excluded.last,
        last_at = excluded.last_at
    WHERE (daily.total, daily.events, daily.highest, daily.last, daily.last_at)
        IS DISTINCT FROM (excluded.total, excluded.events, excluded.highest, excluded.last, excluded.last_at)
), {totals}
SELECT count(*) FROM days
""").format(
    totals=ADDED_UP.format(
        rows=sql.SQL("figures"),
        those=sql.SQL("(company_id, product_id, used_on) IN (SELECT company_id, product_id, used_on FROM days)"),
    )
)
# The totals of companies whose rows of members were written in another way.
ADD_UP = sql.SQL("""
WITH own AS (SELECT * FROM usage_dailyusage WHERE company_id = ANY(%(companies)s)), {totals}
SELECT count(*) FROM totals
""").format(totals=ADDED_UP.format(rows=sql.SQL("own"), those=sql.SQL("company_id = ANY(%(companies)s)")))
MARK = """
INSERT INTO usage_staleday (company_id, product_id, used_on)
SELECT company_id, product_id, used_on FROM usage_usageevent WHERE used_on BETWEEN %(first)s AND %(last)s
UNION
SELECT company_id, product_id, used_on FROM usage_dailyusage WHERE used_on BETWEEN %(first)s AND %(last)s
"""

# What one member used, in rows of nobody: added to those that there are. What all used together stays as it is.
MOVE = """
WITH own AS (DELETE FROM usage_dailyusage WHERE user_id = %(user)s RETURNING *)
INSERT INTO usage_dailyusage AS daily
    (company_id, product_id, used_on, metric_id, user_id, total, events, highest, last, last_at)
SELECT company_id, product_id, used_on, metric_id, NULL, total, events, highest, last, last_at FROM own
ON CONFLICT (company_id, used_on, product_id, metric_id, user_id) DO UPDATE SET
    total = least(daily.total::numeric + excluded.total, 9223372036854775807)::bigint,
    events = daily.events + excluded.events,
    highest = greatest(daily.highest, excluded.highest),
    last = CASE WHEN (excluded.last_at, excluded.last) > (daily.last_at, daily.last) THEN excluded.last
        ELSE daily.last END,
    last_at = greatest(daily.last_at, excluded.last_at)
"""
# Days whose events are there are reckoned anew as well: of one instant, an event's id says which is the last.
LEAVE = """
WITH days AS (
    SELECT company_id, product_id, used_on FROM usage_dailyusage WHERE user_id = %(user)s
    UNION SELECT company_id, product_id, used_on FROM usage_staleday
), left_behind AS (
    UPDATE usage_usageevent AS event SET user_id = NULL FROM days
    WHERE (event.company_id, event.product_id, event.used_on) = (days.company_id, days.product_id, days.used_on)
    AND event.user_id = %(user)s RETURNING event.company_id, event.product_id, event.used_on
)
INSERT INTO usage_staleday (company_id, product_id, used_on)
SELECT DISTINCT company_id, product_id, used_on FROM left_behind WHERE used_on >= %(kept_from)s
"""


@transaction.atomic
def take(*, until: int, most: int = DAYS) -> int:
    """Reckon up to so many days that wait since `until`, a key of theirs, or before; return how many there were.

    Whoever calls it at the same time waits: of two who reckon one day, the slower would write what is old.
    """
    locks.wait_for(LOCK)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [until, most])
        return int(cursor.fetchone()[0])


def roll_up(*, most: int = DAYS) -> int:
    """Reckon all days that wait as this begins; return how many there were. It may be killed and called again."""
    until, done = StaleDay.objects.aggregate(last=Max("pk"))["last"], 0
    while until and (some := take(until=until, most=most)):
        done += some
    return done


def rebuild(*, first: date, last: date) -> int:
    """Let the figures of the days from `first` to `last` wait to be reckoned anew; return of how many, by company.

    Days of which events are gone stay as they are.
    """
    kept_from = EventHorizon.objects.values_list("kept_from_on", flat=True).first()
    with connection.cursor() as cursor:
        cursor.execute(MARK, {"first": max(first, kept_from or first), "last": last})
        return int(cursor.rowcount)


@transaction.atomic
def add_up(*, companies: Collection[int]) -> None:
    """Make the totals of companies, by their keys, of rows of members that were not written by the roll-up."""
    locks.wait_for(LOCK)
    with connection.cursor() as cursor:
        cursor.execute(ADD_UP, {"companies": list(companies)})


@transaction.atomic
def forget(*, user_id: int) -> None:
    """Leave what a person used to nobody in particular; sums stay as they are."""
    locks.wait_for(LOCK)
    kept_from = EventHorizon.objects.values_list("kept_from_on", flat=True).first()
    with connection.cursor() as cursor:
        for statement in (LEAVE, MOVE):
            cursor.execute(statement, {"user": user_id, "kept_from": kept_from or date.min})
