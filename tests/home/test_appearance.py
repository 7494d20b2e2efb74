"""What the browser asks for by fixed names."""

import json
import re

import pytest


@pytest.fixture(autouse=True)
def world(portal_site):
    """Brand and front page."""


def test_accent_comes_as_a_style_sheet_that_never_changes(client):
    response = client.get("/brand/accent-F59E0B.css")
    assert (response.status_code, response["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert "max-age=31536000" in response["Cache-Control"]
    assert "--accent-text: light-dark(#9b6406, #f59e0b);" in response.content.decode()


@pytest.mark.parametrize("color", ["f59e0", "f59e0g", "f59e0b00", "red", "f59e0b;x"])
def test_no_other_address_gives_an_accent(client, color):
    assert client.get(f"/brand/accent-{color}.css").status_code == 404


def test_manifest_makes_the_portal_installable(client):
    response = client.get("/manifest.webmanifest")
    manifest = json.loads(response.content)
    assert response["Content-Type"] == "application/manifest+json"
    assert (manifest["name"], manifest["start_url"], manifest["display"]) == ("Tamarind", "/dashboard/", "standalone")
    assert {icon["sizes"] for icon in manifest["icons"]} == {"any", "192x192", "512x512"}
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}


def test_service_worker_serves_the_whole_portal_and_is_asked_for_each_time(client):
    response = client.get("/service-worker.js")
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Cache-Control"] == "no-cache"
    assert b'addEventListener("fetch"' in b"".join(response.streaming_content)


def test_offline_page_needs_nothing_and_names_its_files(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/offline/")
    assert response.status_code == 200
    assert len(re.findall(r'(?:href|src)="/static/', response.content.decode())) >= 4
