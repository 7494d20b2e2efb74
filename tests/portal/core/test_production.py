"""Settings of the served portal."""

import runpy
from typing import Any

import pytest


def production(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    """The settings with this in the environment."""
    needed = {"ALLOWED_HOSTS": "portal.example", "BASE_URL": "https://portal.example", "SECRET_KEY": "x" * 50}
    for name, value in {**needed, "FIELD_ENCRYPTION_KEYS": "key", **environment}.items():
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
