"""The queue when it is long: 100,000 decided approvals against 1,000."""

import statistics
import time
from datetime import timedelta
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.accounts.models import Company
from portal.approvals.models import Approval
from portal.approvals.registry import Kind, kinds
from tests.bench.report import Report, progress
from tests.bench.worlds import Worlds

FEW, MANY, ROUNDS = 1_000, 100_000, 15
PAGES = {
    "admin list": ("staff@portal.example", "/admin/snippets/approvals/approval/?status="),
    "admin list, narrowed": (
        "staff@portal.example",
        "/admin/snippets/approvals/approval/?status=rejected&company=savanna&q=subject",
    ),
    "admin list, narrowed, staff of a group": (
        "support@portal.example",
        "/admin/snippets/approvals/approval/?status=rejected&company=savanna&q=subject",
    ),
    "admin list, a word of few": ("staff@portal.example", "/admin/snippets/approvals/approval/?q=99999"),
    "company's decided": ("owner@savanna.example", "/customer/team/approvals/?state=decided"),
    "staff API, a word of none": ("staff@portal.example", "/api/admin/approvals/?page_size=20&q=zanzibar"),
    "staff API": ("staff@portal.example", "/api/admin/approvals/?page_size=20"),
    "company API": ("owner@savanna.example", "/api/customer/approvals/?page_size=20"),
}


def measure(report: Report, worlds: Worlds) -> None:
    """Time each list with few rows and with many; their ratio shows whether time is flat."""
    if "bench" not in kinds:
        may = Kind("Bench", permission="accounts.verify_company", member_may=lambda membership: True)
        kinds.register("bench", may)
    with worlds.scratch():
        fill(FEW)
        few = {name: seconds(*page) for name, page in PAGES.items()}
        progress(f"{MANY:,} approvals …")
        fill(MANY)
        for name, page in PAGES.items():
            report.add(
                f"{name}: time with {MANY:,} rows against {FEW:,}", seconds(*page) / few[name], "times", most=1.5
            )


def fill(number: int) -> None:
    """Have so many decided approvals, most of them of one company."""
    people, companies = get_user_model(), list(Company.objects.order_by("pk")[:20])
    staff = people.objects.get(email="staff@portal.example")
    subject = ContentType.objects.get_for_model(Company)
    savanna, now = Company.objects.get(slug="savanna-foods"), timezone.now()
    rows = [
        Approval(
            public_id=uuid4(),
            kind="bench",
            content_type=subject,
            object_id=place,
            subject_label=f"Subject number {place}",
            company=savanna if place % 2 else companies[place % len(companies)],
            asked_by=staff,
            asked_at=now - timedelta(minutes=place + 60),
            status="rejected" if place % 10 == 0 else "approved",
            decided_by=staff,
            decided_at=now - timedelta(minutes=place),
            comment="Because.",
        )
        for place in range(Approval.objects.count(), number)
    ]
    Approval.objects.bulk_create(rows, batch_size=5_000)
    connection.cursor().execute("VACUUM ANALYZE approvals_approval")


def seconds(email: str, address: str) -> float:
    """The median time of a page, in this process."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(get_user_model().objects.get(email=email))
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        if client.get(address).status_code != 200:
            raise SystemExit(f"{address} did not answer.")
        times.append(time.perf_counter() - started)
    return statistics.median(times[2:])
