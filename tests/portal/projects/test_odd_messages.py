"""Webhooks of strangers: little of them is kept, and odd words in them break nothing."""

import json
from typing import Any

import pytest
from django.test import Client

from portal.projects.models import Delivery
from tests.portal.projects.test_webhooks import SECRET, act, post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def secret(settings: Any) -> None:
    settings.GITHUB_WEBHOOK_SECRETS = [SECRET]


def test_of_what_nobody_signed_little_is_kept(client: Client) -> None:
    assert post(client, b"x" * 100_000, event="push", secret="wrong") == 403
    kept = Delivery.objects.get()
    assert (bytes(kept.body), kept.signature, kept.state) == (b"x" * 2048, "bad", "failed")


@pytest.mark.parametrize("name", ["octocat/\x00", "octocat/\ud800", "a/b\n"])
def test_a_name_that_no_database_takes_is_nobodys(client: Client, name: str) -> None:
    about = {"repository": {"id": 1, "full_name": name}, "changes": {"repository": {"name": {"from": name}}}}
    assert post(client, json.dumps(about).encode(), event="repository", secret="wrong") == 403
    assert post(client, json.dumps({**about, "action": name}).encode(), event="repository") == 202
    assert act() == "No repository of ours."
