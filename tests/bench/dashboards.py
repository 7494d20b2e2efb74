"""A company's dashboard and its page of use: how much they ask, and their time beside a bare view that asks the same.

Once with ten members, and once with ten thousand and three years of daily figures. A dashboard is asked for as it comes
when nothing changed since it was opened, and as it is drawn anew: each address that names something else is.
"""

import json
import re
from html import unescape
from pathlib import Path
from statistics import median

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.catalog.models import Metric, Product
from billing.usage.services import rolling
from portal.accounts.models import Company
from tests.bench.http import READER, browser_of, cookies_of, ratio
from tests.bench.processes import processor
from tests.bench.report import Report
from tests.bench.server import Ask, serving, side_by_side
from tests.bench.worlds import Worlds

FOLDER = Path(__file__).resolve().parents[2] / "var" / "bench"
BARE, PORTAL = "tests.bench.bare_reading:application", "portal.wsgi:application"
DASHBOARD, USAGE = "/customer/dashboard/", "/customer/usage/"
MOST_QUERIES, MOST_TIMES, SAME = 15, 3.0, 1.25
SIZES = (10, 10_000)
DAYS = 3 * 365
REPEATED = 120
# More addresses than are asked for at a time.
ANEW = [f"{DASHBOARD}?showing={number}" for number in range(40)]
LIVE = re.compile(r'data-live hx-get="([^"]+)"')
# Ten thousand people do not all work in every product on every day.
EVERY = 20
PEOPLE = """
INSERT INTO accounts_user (password, email, first_name, last_name, is_staff, is_active, is_superuser, joined_at,
    public_id)
SELECT '', 'bench-' || n || '@savanna.example', 'Bench', n::text, false, true, false, now(), gen_random_uuid()
FROM generate_series(1, %s) n
"""
MEMBERS = """
INSERT INTO accounts_membership (company_id, user_id, role, can_approve_developers, can_sign_contracts,
    can_manage_billing, created_at)
SELECT %s, id, 'viewer', false, false, false, now() - (id %% 365) * interval '1 day'
FROM accounts_user WHERE email LIKE 'bench-%%@savanna.example'
"""
USE = """
INSERT INTO usage_dailyusage (company_id, product_id, metric_id, user_id, used_on, total, events, highest, last,
    last_at)
SELECT %s, %s, %s, u.id, d::date, 5, 5, 1, 1, d
FROM generate_series(%s::date - %s, %s::date, interval '1 day') d, accounts_user u
WHERE u.email LIKE 'bench-%%@savanna.example' AND (u.id + (d::date - '2020-01-01'::date)) %% %s = 0
"""
LEVELS = """
INSERT INTO usage_dailyusage (company_id, product_id, metric_id, user_id, used_on, total, events, highest, last,
    last_at)
SELECT %s, %s, %s, NULL, d::date, 50, 1, 50, 50, d
FROM generate_series(%s::date - %s, %s::date, interval '1 day') d
ON CONFLICT DO NOTHING
"""


def measure(report: Report, worlds: Worlds) -> None:
    """Both sizes, and how they compare."""
    with worlds.scratch():
        times = [measured(report, members) for members in SIZES]
    for name in times[0]:
        more = times[1][name] / times[0][name]
        report.add(f"{name}: processor with {SIZES[1]:,} / {SIZES[0]:,} members", more, most=SAME)


def measured(report: Report, members: int) -> dict[str, float]:
    """One size: queries and time of the pages, of what comes later, and of a look at which nothing changed."""
    fill(members)
    settings.PAGE_CACHE = "process"
    client = browser_of(READER)
    live = unescape(LIVE.findall(client.get(DASHBOARD).text)[0])
    asked = {
        "dashboard, opened again": [DASHBOARD],
        "dashboard, drawn anew": ANEW,
        "dashboard, what comes later": [f"{live}&later=1"],
        "page of use": [USAGE],
    }
    times = {}
    for name, addresses in asked.items():
        statements = queries(client, addresses)
        label, is_dashboard = f"{name}, {members:,} members", addresses[0].startswith(DASHBOARD)
        report.add(f"{label}, queries", len(statements), most=MOST_QUERIES if is_dashboard else None)
        ratio_to_bare, rate = compared(client, addresses, statements)
        most = MOST_TIMES if is_dashboard else None
        report.add(f"{label} / bare view that asks the same", ratio_to_bare, most=most)
        report.add(label, 1000 / rate, "ms")
        times[name] = worked(client, addresses)
        report.add(f"{label}: processor of web and database", 1000 * times[name], "ms")
    etag = client.get(live)["ETag"]
    report.add(f"dashboard, {members:,} members: queries of a 304", len(queries(client, [live], etag)), most=5)
    return times


def worked(client: Client, addresses: list[str]) -> float:
    """Seconds of a processor that a page takes, here and in the database: what else runs counts as little as can be."""
    started = processor()
    for number in range(REPEATED):
        client.get(addresses[number % len(addresses)])
    return (processor() - started) / REPEATED


def compared(client: Client, addresses: list[str], statements: list[str]) -> tuple[float, float]:
    """How many times as long a page takes as a bare view with these statements, and how many of it come a second."""
    path = FOLDER / "statements.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(statements), encoding="utf-8")
    log = FOLDER / "server.log"
    with serving(BARE, log, BENCH_STATEMENTS=str(path)) as bare, serving(PORTAL, log) as port:
        rates = side_by_side(
            {"bare": Ask(bare, ["/bare/"]), "page": Ask(port, addresses, [cookies_of(client, addresses[0])])}
        )
    return 1 / ratio(rates, "page"), median(rates["page"])


def queries(client: Client, addresses: list[str], etag: str = "") -> list[str]:
    """The statements of one request for the last of these, once what is kept for a while is kept."""
    headers = {"If-None-Match": etag} if etag else {}
    client.get(addresses[0], headers=headers)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(addresses[-1], headers=headers)
    if answer.status_code != (304 if etag else 200):
        raise SystemExit(f"{addresses[-1]}: {answer.status_code}")
    return [query["sql"] for query in captured]


def fill(members: int) -> None:
    """Give the company so many members, and three years of daily figures by them and by its products."""
    company = Company.objects.get(slug="savanna-foods")
    today = timezone.localdate()
    level, _new = Metric.objects.get_or_create(slug="storage", defaults={"name": "Storage in GB", "unit": "GB"})
    counted = Metric.objects.exclude(pk=level.pk).order_by("pk")[0]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM usage_dailyusage WHERE company_id = %s", [company.pk])
        cursor.execute(
            "DELETE FROM accounts_membership m USING accounts_user u"
            " WHERE u.id = m.user_id AND u.email LIKE 'bench-%%@savanna.example'",
            [],
        )
        cursor.execute("DELETE FROM accounts_user WHERE email LIKE 'bench-%%@savanna.example'", [])
        cursor.execute(PEOPLE, [members])
        cursor.execute(MEMBERS, [company.pk])
        for product in Product.objects.filter(accesses__company=company):
            cursor.execute(USE, [company.pk, product.pk, counted.pk, today, DAYS, today, min(members, EVERY)])
            cursor.execute(LEVELS, [company.pk, product.pk, level.pk, today, DAYS, today])
        rolling.add_up(companies=[company.pk])
        for table in ("usage_dailyusage", "usage_dailytotal", "accounts_user", "accounts_membership"):
            cursor.execute(f"ANALYZE {table}")
