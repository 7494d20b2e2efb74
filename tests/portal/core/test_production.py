"""Settings of the served portal."""

import runpy
from typing import Any

import pytest
from storages.backends.s3 import S3Storage

from portal.core.storages.objects import UnguessableObjects

OBJECTS = {
    "S3_BUCKET": "portal",
    "S3_ENDPOINT_URL": "https://objects.example",
    "S3_ACCESS_KEY": "key",
    "S3_SECRET_KEY": "secret",
}


def production(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    """The settings with this in the environment."""
    needed = {"ALLOWED_HOSTS": "portal.example", "BASE_URL": "https://portal.example", "SECRET_KEY": "x" * 50}
    for name, value in {**needed, "FIELD_ENCRYPTION_KEYS": "key", "OIDC_PRIVATE_KEYS": "key", **environment}.items():
        monkeypatch.setenv(name, value)
    return runpy.run_module("portal.settings.production")


def test_limits_count_by_the_address_that_the_proxy_saw(monkeypatch: pytest.MonkeyPatch) -> None:
    for environment, count in ({}, 1), ({"PROXY_COUNT": "2"}, 2), ({"PROXY_COUNT": "0"}, 0):
        settings = production(monkeypatch, **environment)
        assert (settings["ALLAUTH_TRUSTED_PROXY_COUNT"], settings["REST_FRAMEWORK"]["NUM_PROXIES"]) == (count, count)


def test_cookies_and_addresses_are_for_https_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = production(monkeypatch)
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_INCLUDE_SUBDOMAINS")
    assert [settings[name] for name in names] == [True] * 4
    assert settings["SECURE_HSTS_SECONDS"] >= 31_536_000


def test_pictures_in_a_bucket_have_addresses_that_never_run_out(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.STORAGES = production(monkeypatch, **OBJECTS)["STORAGES"]
    assert UnguessableObjects().url("images/a.webp") == "https://objects.example/portal/images/a.webp"


@pytest.mark.parametrize(("environment", "bucket"), [({}, "portal"), ({"S3_PRIVATE_BUCKET": "closed"}, "closed")])
def test_private_files_in_a_bucket_are_read_with_a_signature_alone(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], bucket: str
) -> None:
    private = production(monkeypatch, **OBJECTS, **environment)["STORAGES"]["private"]
    address, _, query = S3Storage(**private["OPTIONS"]).url("cvs/a.pdf").partition("?")
    assert address == f"https://objects.example/{bucket}/private/cvs/a.pdf"
    assert "Signature=" in query
    assert "Expires=" in query
    assert private["OPTIONS"]["default_acl"] == "private"
