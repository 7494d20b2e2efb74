"""The examples of docs/products.md are requests that the API takes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from billing.catalog.models import Product
from billing.catalog.product_api import ByProduct
from billing.launch.services import activity_reports
from billing.usage.services import checking
from portal.accounts.models import User
from portal.activity.models import ActivityEvent
from tests.factories import MetricFactory

pytestmark = pytest.mark.django_db
TEXT = (Path(__file__).resolve().parents[4] / "docs" / "products.md").read_text("utf-8")
ASKED = re.compile(r"```json\n(POST|PUT|GET) (/api/\S+)\n(.+?)\n```", re.DOTALL)


def test_examples_of_reports_are_taken(as_payroll: Client, payroll: Product, owner: User) -> None:
    payroll.metrics.set([MetricFactory.create(slug="payslips")])
    payroll.save()
    told = TEXT.replace("2026-10-25T09:12:44Z", timezone.now().isoformat())
    told = told.replace("7d6a7a6e-5d0e-4bb6-9a5c-1f6f8a2f2c11", str(owner.public_id))
    examples = ASKED.findall(told)
    answers: list[tuple[str, int, Any]] = []
    for method, path, body in examples:
        send = getattr(as_payroll, method.lower())
        answer = send(path) if method == "GET" else send(path, json.loads(body), content_type="application/json")
        answers.append((path, answer.status_code, answer.json()))
    everything_taken = {"accepted": 1, "duplicates": 0, "rejected": []}
    assert [(path.partition("?")[0], status) for path, status, _body in answers] == [
        ("/api/usage/v1/events/", 202),
        ("/api/product/v1/activity/", 202),
        ("/api/product/v1/statistics/", 200),
        ("/api/product/v1/synchronisation/", 200),
        ("/api/product/v1/settings/", 200),
    ]
    assert answers[0][2] == answers[1][2] == everything_taken == json.loads(found(r'\{"accepted".+\}'))
    assert set(answers[4][2]) == set(json.loads(examples[4][2]))
    event = ActivityEvent.objects.get(verb="product.member_reported")
    assert event.sentence() == f"{owner} in PAYROLL: 5 employees added"


def test_numbers_are_those_of_the_code() -> None:
    assert ByProduct().num_requests == int(found(r"More than ([\d,]+) requests").replace(",", ""))
    assert checking.LATE.days == activity_reports.LATE.days == int(found(r"up to (\d+) days late"))
    assert "too_old` (35 days)" in TEXT


def found(pattern: str) -> str:
    """What the documentation says."""
    match = re.search(pattern, TEXT)
    assert match, pattern
    return match[match.lastindex or 0]
