"""Addresses of real records × the cast of two companies."""

import pytest
from django.db import transaction
from django.test import Client

from portal.accounts.models import Company, User
from tests import records
from tests.access import MATRIX
from tests.billing.payments.records import payment_requests
from tests.billing.subscriptions.records import subscription_requests
from tests.cast import CAST, client_of
from tests.portal.contracts.charges.records import charge_requests
from tests.portal.contracts.records import contract_requests
from tests.portal.contracts.sealing.records import sealed_requests
from tests.portal.projects.records import project_requests
from tests.records import Asked

# No record of a company or a person stands behind these.
NOBODYS_OWN = {
    "^brand/accent-(?P<color>[0-9a-fA-F]{6})\\.css$",
    "accounts/privacy/consents/<slug:kind>/",
    "legal/<slug:kind>/",
    "media/images/<path:path>",
    "api/business/v1/products/<slug:slug>/launch/",
    "customer/products/<slug:slug>/",
    "customer/products/<slug:slug>/ask/",
    "customer/products/<slug:slug>/launch/",
    "customer/products/<slug:slug>/parts/<slug:name>/",
    "customer/products/<slug:slug>/settings/",
    "customer/subscriptions/new/<slug:slug>/",
    "customer/usage/file.<slug:kind>",
    "customer/usage/parts/<slug:name>/",
    "sitemap-<section>.xml",
    "styleguide/<slug:name>/",
}
# Who has the secret in the address gets in: tests/portal/accounts/test_invitations.py, notifications/test_pages.py.
SECRETS = {"customer/invitations/<slug:token>/", "customer/notifications/unsubscribe/<str:token>/"}
# Likewise: tests/billing/payments/test_pages.py.
SECRETS |= {"pay/<str:token>/", "sandbox/<slug:reference>/", "sandbox/<slug:reference>/authentication/"}


@pytest.fixture
def cast(request: pytest.FixtureRequest) -> dict[str, User]:
    """Everybody who can sign in."""
    return {name: request.getfixturevalue(name) for name in CAST if name != "anonymous"}


@pytest.fixture
def asked(company: Company, cast: dict[str, User], portal_site: None) -> list[Asked]:
    """All requests, about records that are there."""
    return [
        *records.account_requests(company, cast),
        *records.notification_requests(company, cast),
        *records.team_requests(company, cast),
        *records.billing_requests(company),
        *payment_requests(company),
        *subscription_requests(company, cast["owner"]),
        *contract_requests(company, cast),
        *charge_requests(company),
        *sealed_requests(company, cast),
        *records.help_requests(company),
        *records.joining_requests(company, cast),
        *project_requests(company, cast),
    ]


def answer_of(client: Client, asked: Asked) -> int:
    """The status of an answer; what it did is undone."""
    body = {"content_type": "application/json"} if asked.pattern.startswith("api/") and asked.method != "get" else {}
    with transaction.atomic():
        answer = getattr(client, asked.method)(asked.example, **body)
        transaction.set_rollback(True)
    return int(answer.status_code)


def test_records_are_reached_by_their_own_people_alone(cast: dict[str, User], asked: list[Asked]) -> None:
    clients = {name: client_of(cast.get(name)) for name in CAST}
    wrong = [
        f"{name} {one.method}s {one.pattern} and gets {got}, not {one.answers[name]}"
        for one in asked
        for name, client in clients.items()
        if (got := answer_of(client, one)) != one.answers[name]
    ]
    assert not wrong, "\n".join(wrong)


def test_every_address_of_a_record_is_tried_with_a_real_one(asked: list[Asked]) -> None:
    named = {pattern for pattern in MATRIX if "<" in pattern}
    assert named - {one.pattern for one in asked} == NOBODYS_OWN | SECRETS
