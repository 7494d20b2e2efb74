"""Text is compressed on its way out, and nothing else."""

import gzip

import pytest
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from portal.core.compression import TextCompressionMiddleware

LONG = b"The quick brown fox. " * 100


def sent(response: HttpResponseBase, accepted: str = "gzip, deflate, br") -> HttpResponseBase:
    """What goes out for a view's response."""
    request = RequestFactory().get("/", HTTP_ACCEPT_ENCODING=accepted)
    return TextCompressionMiddleware(lambda request: response)(request)


@pytest.mark.parametrize(
    "kind", ["text/html; charset=utf-8", "application/json", "application/problem+json", "text/xml"]
)
def test_text_is_compressed(kind: str) -> None:
    response = sent(HttpResponse(LONG, content_type=kind))
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == LONG
    assert int(response.headers["Content-Length"]) == len(response.content) < len(LONG) / 2


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "application/zip"])
def test_what_is_compressed_already_is_left_alone(kind: str) -> None:
    response = sent(HttpResponse(LONG, content_type=kind))
    assert "Content-Encoding" not in response.headers
    assert response.content == LONG


def test_file_keeps_its_length() -> None:
    response = sent(FileResponse([LONG], content_type="text/csv", headers={"Content-Length": str(len(LONG))}))
    assert response.headers["Content-Length"] == str(len(LONG))
    assert b"".join(response.streaming_content) == LONG


def test_short_text_and_browsers_that_cannot_unpack_get_it_plain() -> None:
    assert sent(HttpResponse(b"yes")).content == b"yes"
    assert sent(HttpResponse(LONG), accepted="").content == LONG
