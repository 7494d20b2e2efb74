"""Parts of files."""

from io import BytesIO
from typing import Any

import pytest
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory

from portal.core.ranges import in_parts

CONTENT = bytes(range(200)) * 1000
SIZE = len(CONTENT)


@in_parts
def film(request: Any) -> FileResponse:
    headers = {"ETag": '"one"', "Last-Modified": "Mon, 02 Nov 2026 08:00:00 GMT"}
    return FileResponse(BytesIO(CONTENT), content_type="video/mp4", headers=headers)


def asked(method: str = "get", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return film(getattr(RequestFactory(), method)("/", headers=named))


@pytest.mark.parametrize(
    ("asked_for", "first", "last"),
    [
        ("bytes=0-1", 0, 1),
        ("bytes=0-", 0, SIZE - 1),
        ("bytes=150000-", 150_000, SIZE - 1),
        ("bytes=100-199999999", 100, SIZE - 1),
        ("bytes=-500", SIZE - 500, SIZE - 1),
        ("bytes=-999999999", 0, SIZE - 1),
    ],
)
def test_the_part_that_is_asked_for_is_sent(asked_for: str, first: int, last: int) -> None:
    answer = asked(range=asked_for)
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer["Content-Length"] == str(last - first + 1)
    assert (answer["Content-Type"], answer["ETag"]) == ("video/mp4", '"one"')
    assert answer.getvalue() == CONTENT[first : last + 1]


@pytest.mark.parametrize(
    "asked_for", ["", "bytes=-", "bytes=1", "bytes=a-b", "bytes=0-1,4-5", "bytes=１-", "words=0-1", "bytes=0-1" * 5_000]
)
def test_without_a_part_that_can_be_read_all_is_sent(asked_for: str) -> None:
    answer = asked(range=asked_for)
    assert (answer.status_code, answer["Accept-Ranges"]) == (200, "bytes")
    assert "Content-Range" not in answer
    assert answer.getvalue() == CONTENT


# The end of a response lets go of the database's connections.
@pytest.mark.django_db
@pytest.mark.parametrize("asked_for", [f"bytes={SIZE}-", "bytes=9-8", "bytes=-0"])
def test_a_part_that_there_is_not_is_refused_with_the_size(asked_for: str) -> None:
    answer = asked(range=asked_for)
    assert (answer.status_code, answer["Content-Range"], answer.content) == (416, f"bytes */{SIZE}", b"")


@pytest.mark.parametrize(
    ("version", "status"),
    [('"one"', 206), ("Mon, 02 Nov 2026 08:00:00 GMT", 206), ('"two"', 200), ("Mon, 02 Nov 2026 07:00:00 GMT", 200)],
)
def test_a_part_of_another_version_is_not_mixed_with_this_one(version: str, status: int) -> None:
    assert asked(range="bytes=0-1", if_range=version).status_code == status


def test_who_asks_for_the_headers_gets_those_of_the_whole() -> None:
    answer = asked("head", range="bytes=0-1")
    assert (answer.status_code, answer["Content-Length"]) == (200, str(SIZE))


def test_what_is_no_file_stays_as_it_is() -> None:
    answer = in_parts(lambda request: HttpResponse("words"))(RequestFactory().get("/", headers={"range": "bytes=0-1"}))
    assert (answer.status_code, answer.content) == (200, b"words")
