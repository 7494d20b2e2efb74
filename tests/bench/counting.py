"""Events of use beside a bare bulk insert of the same rows, and the roll-up of millions of them.

Seconds are those of a processor, in this process and in its database's, so that what else runs on the machine counts
as little as can be. Bare is one INSERT, or a COPY, of a thousand rows at a time into the same table, with its keys.
"""

import json
from datetime import timedelta
from pathlib import Path

from allauth.idp.oidc.models import Client as ProductClient
from allauth.idp.oidc.models import Token
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils import timezone

from billing.catalog.models import Metric, Product
from billing.catalog.product_api import ByProduct
from billing.subscriptions.models import ProductAccess
from billing.usage.models import DailyUsage, StaleDay, UsageEvent
from billing.usage.services import rolling
from portal.accounts.models import Company
from portal.core import bulk
from tests.bench.processes import backend, fresh_process, most_memory, processor
from tests.bench.report import Report, progress
from tests.bench.worlds import Worlds

BATCH, BATCHES, COMPANIES = 1000, 30, 50
MILLIONS = (1, 10)
TOKEN = "bench-token"
COLUMNS = ("product_id", "company_id", "metric_id", "value", "event_id", "occurred_at", "used_on", "received_at",
           "user_id")  # fmt: skip
FILL = """
INSERT INTO usage_usageevent (product_id, company_id, user_id, metric_id, value, event_id, occurred_at, used_on,
    received_at)
SELECT %s, (%s::bigint[])[1 + n %% 50], NULL, (%s::bigint[])[1 + n %% 5], n %% 100, 'fill-' || n, day + n %% 86400
    * interval '1 second', day::date, day FROM (
        SELECT n, timestamptz '2026-01-01 00:00+03' + (n / 50 %% 30) * interval '1 day' AS day
        FROM generate_series(1, %s) AS n
    ) AS numbered
"""


def measure(report: Report, worlds: Worlds) -> None:
    """Ingestion, then the roll-up."""
    with worlds.scratch():
        product, companies, metrics = begin()
        accepted, plain = ingest(companies, metrics), copied(product, companies, metrics)
        number = BATCH * BATCHES
        report.add("events accepted over HTTP", number / accepted, "events/s")
        report.add("bare COPY of the same rows", number / plain, "events/s")
        inserted = copied(product, companies, metrics, is_copy=False)
        report.add("bare bulk INSERT of the same rows", number / inserted, "events/s")
        report.add("events accepted / bare bulk INSERT", inserted / accepted, least=0.4)
        report.add("events accepted / bare COPY", plain / accepted)
    memory, anonymous = [], []
    for millions in MILLIONS:
        with worlds.scratch():
            progress(f"{millions} million events …")
            fill(*begin(), number=millions * 1_000_000)
            with fresh_process() as process:
                seconds, most, database, days = process.submit(roll_up).result()
        memory.append(most)
        anonymous.append(database)
        report.add(f"roll-up of {millions} million events", millions * 1_000_000 / seconds, "events/s")
        report.add(f"days of companies' products, {millions} million", days)
        report.add(f"most memory of the process, {millions} million", most, "MB")
        report.add(f"most memory of the database's process, {millions} million", database, "MB")
    report.add("memory of the process, 10 against 1 million", memory[-1] / memory[0], "times", most=1.25)
    report.add("memory of the database's process, 10 against 1 million", anonymous[-1] / anonymous[0], "times", most=2)


def begin() -> tuple[Product, list[Company], list[Metric]]:
    """A product with a token, its metrics, and companies that have it."""
    client = ProductClient.objects.create(name="Bench", grant_types="client_credentials")
    product = Product.objects.create(slug="bench", name="Bench", icon="erp", client=client)
    token = Token(client=client, type=Token.Type.ACCESS_TOKEN)
    token.set_value(TOKEN)
    token.save()
    metrics = [Metric.objects.create(slug=f"bench-{n}", name=f"Bench {n}", unit="one") for n in range(5)]
    product.metrics.set(metrics)
    product.save()
    companies = Company.objects.bulk_create(
        Company(name=f"Bench {number}", slug=f"bench-{number}") for number in range(COMPANIES)
    )
    ProductAccess.objects.bulk_create(ProductAccess(company=company, product=product) for company in companies)
    return product, companies, metrics


def ingest(companies: list[Company], metrics: list[Metric]) -> float:
    """Seconds of a processor for all batches, as they come over HTTP."""
    ByProduct.THROTTLE_RATES = {**ByProduct.THROTTLE_RATES, "product": None}
    at = timezone.now() - timedelta(hours=1)
    bodies = [
        json.dumps(
            [
                {
                    "id": f"{batch}-{n}",
                    "company": companies[n % COMPANIES].slug,
                    "metric": metrics[n % 5].slug,
                    "value": n,
                    "occurred_at": (at + timedelta(seconds=n)).isoformat(),
                }
                for n in range(BATCH)
            ]
        )
        for batch in range(BATCHES + 1)
    ]
    browser = Client(headers={"Authorization": f"Bearer {TOKEN}"})
    with override_settings(ALLOWED_HOSTS=["*"]):
        for number, body in enumerate(bodies):
            if number == 1:
                started = processor()
            answer = browser.post("/api/usage/v1/events/", body, content_type="application/json")
            if answer.json()["accepted"] != BATCH:
                raise RuntimeError(answer.content)
    return processor() - started


def copied(product: Product, companies: list[Company], metrics: list[Metric], *, is_copy: bool = True) -> float:
    """The same for the rows alone, by COPY or by an INSERT of a thousand rows."""
    write, kind = (bulk.copy, "copy") if is_copy else (bulk.add_new, "insert")
    now = timezone.now()
    day = timezone.localdate(now)
    started = processor()
    for batch in range(BATCHES):
        rows = [
            (product.pk, companies[n % COMPANIES].pk, metrics[n % 5].pk, n, f"{kind} {batch}-{n}", now, day, now, None)
            for n in range(BATCH)
        ]
        with transaction.atomic():
            write(UsageEvent, COLUMNS, rows)
    return processor() - started


def fill(product: Product, companies: list[Company], metrics: list[Metric], *, number: int) -> None:
    """Have so many events of 30 days wait."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE usage_usageevent DISABLE TRIGGER ALL")
        cursor.execute(FILL, [product.pk, [row.pk for row in companies], [row.pk for row in metrics], number])
        cursor.execute("ALTER TABLE usage_usageevent ENABLE TRIGGER ALL")
        cursor.execute("VACUUM ANALYZE usage_usageevent")
    days = UsageEvent.objects.order_by().values_list("company_id", "product_id", "used_on").distinct()
    bulk.copy(StaleDay, ("company_id", "product_id", "used_on"), list(days))


def roll_up() -> tuple[float, float, float, int]:
    """Seconds of a processor, the most memory of this process and the database's in megabytes, and how many days."""
    started, done, most = processor(), 0, 1.0
    until = StaleDay.objects.latest("pk").pk
    while some := rolling.take(until=until):
        done += some
        most = max(most, anonymous_memory(backend()))
    if not DailyUsage.objects.exists():
        raise RuntimeError("Nothing was rolled up.")
    return processor() - started, most_memory(), most, done


def anonymous_memory(number: int) -> float:
    """What a process has for itself alone, in megabytes; 1 where nobody says."""
    status = Path(f"/proc/{number}/status")
    if not status.exists():
        return 1.0
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("RssAnon")) / 1024
