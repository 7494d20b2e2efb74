"""The invoice run, killed twenty times: two workers, a scheduler, PostgreSQL and Valkey, all of them real."""

import random
import time
from pathlib import Path

import psycopg
import pytest

from tests.process.nursery import Nursery, kill
from tests.process.portal import connect, wait_until

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("process")]
SUBSCRIPTIONS, SIZE, KILLS = 2000, 20, 20
WORLD = "tests.process.renewing"
DONE = "SELECT count(*) FROM invoicing_invoicebatch WHERE state = 'done'"
FREE = "SELECT id FROM invoicing_invoicebatch WHERE state = 'queued' FOR UPDATE SKIP LOCKED"
WAITING = "SELECT count(*) FROM invoicing_invoicebatch WHERE state = 'queued'"
FACTS = """
    SELECT (SELECT count(*) FROM invoicing_charge WHERE invoice_id IS NOT NULL),
           (SELECT count(*) FROM invoicing_invoiceline),
           (SELECT count(*) FROM invoicing_invoiceline l JOIN invoicing_charge c
              ON c.source = l.source AND c.invoice_id = l.invoice_id),
           (SELECT count(DISTINCT company_id) FROM invoicing_invoice),
           (SELECT count(*) FROM invoicing_ledgertransaction WHERE kind = 'invoice'),
           (SELECT count(*) FROM invoicing_paperfile),
           (SELECT count(*) FROM activity_activityevent WHERE verb = 'invoice.issued')
"""


def count(connection: psycopg.Connection, query: str) -> int:
    """The number that a query finds."""
    return int(connection.execute(query).fetchone()[0])


def under_work(connection: psycopg.Connection) -> int:
    """How many batches somebody is in the middle of: their rows are locked."""
    with connection.transaction():
        return count(connection, WAITING) - len(connection.execute(FREE).fetchall())


def moment(connection: psycopg.Connection, turn: int, chance: random.Random) -> int:
    """Wait for the moment of a kill, after a batch was done since the last; how many are under work then.

    Every other one comes while somebody is in the middle of a batch, the rest come at any moment.
    """
    before = count(connection, DONE)
    wait_until(lambda: count(connection, DONE) > before, seconds=60, what="a batch done after a kill")
    if turn % 2:
        wait_until(lambda: under_work(connection) > 0, seconds=60, what="a batch under work")
        time.sleep(chance.uniform(0, 0.05))
    else:
        time.sleep(chance.uniform(0, 0.2))
    assert count(connection, WAITING) > 0, f"the run was over after {turn} kills"
    return under_work(connection)


def test_run_killed_twenty_times_invoices_each_subscription_once(var: Path) -> None:
    chance, hits = random.Random(20), 0
    with Nursery(var) as nursery:
        nursery.call(f"{WORLD}:fill", SUBSCRIPTIONS)
        beat, workers = nursery.beat(), {name: nursery.worker(name) for name in ("one", "two")}
        nursery.call(f"{WORLD}:begin", SIZE)
        with connect(var) as connection:
            for turn in range(KILLS):
                hits += moment(connection, turn, chance)
                victims = chance.choice((["one"], ["two"], ["one", "two"]))
                for name in victims:
                    kill(workers[name])
                if turn % 5 == 4:
                    kill(beat)
                    beat = nursery.beat()
                workers |= {name: nursery.worker(name) for name in victims}
            wait_until(lambda: count(connection, WAITING) == 0, seconds=240, what="all batches done")
            for number in (beat, *workers.values()):
                kill(number)
            assert connection.execute(FACTS).fetchone() == (SUBSCRIPTIONS,) * 7
            rows = connection.execute("SELECT sequence FROM invoicing_invoice ORDER BY sequence").fetchall()
            assert [row[0] for row in rows] == list(range(1, SUBSCRIPTIONS + 1))
            batches = "SELECT min(drawn), count(*) FROM invoicing_invoicebatch WHERE state = 'done'"
            assert connection.execute(batches).fetchone() == (SIZE, SUBSCRIPTIONS // SIZE)
        assert nursery.call(f"{WORLD}:report") == {
            "progress": "Done", "charges": SUBSCRIPTIONS, "invoices": SUBSCRIPTIONS, "difference": "",
        }  # fmt: skip
    assert hits >= KILLS // 4, "few of the kills met anybody at work"
