"""Parts of files, as players of films ask for them: Safari plays none that comes whole (RFC 9110, section 14)."""

import re
from collections.abc import Callable, Iterator
from functools import wraps
from typing import IO, Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

BLOCK = 64 * 1024
# One part; of several, which nobody who plays a film asks for, all is sent, as the standard allows.
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def in_parts(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a view that answers with a file answer with the part that is asked for."""

    @wraps(view)
    def parted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, FileResponse) and response.status_code == 200 and "Content-Length" in response:
            return part_of(response, request)
        return response

    return parted


def part_of(response: FileResponse, request: HttpRequest) -> HttpResponseBase:
    """The part that the request asks for; the whole file where it asks for none, or for one of another version."""
    response["Accept-Ranges"] = "bytes"
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    version = request.headers.get("If-Range", "")
    is_other = version and version not in {response.get("ETag"), response.get("Last-Modified")}
    if request.method != "GET" or asked is None or asked[0] == "bytes=-" or is_other:
        return response
    size = int(response["Content-Length"])
    first, last = bounds(asked[1], asked[2], size)
    if first > last:
        response.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    file: Any = response.file_to_stream
    file.seek(first)
    part = StreamingHttpResponse(blocks(file, last - first + 1), status=206, headers=response.headers)
    part["Content-Range"], part["Content-Length"] = f"bytes {first}-{last}/{size}", str(last - first + 1)
    return part


def bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """First and last byte; without a first one, so many from the end. The last one is smaller where there is none."""
    if not first:
        return max(size - int(last), 0), size - 1
    end = min(int(last), size - 1) if last else size - 1
    return int(first), end


def blocks(file: IO[bytes], length: int) -> Iterator[bytes]:
    """So many bytes from where the file stands, which is closed then."""
    with file:
        while length > 0 and (block := file.read(min(BLOCK, length))):
            length -= len(block)
            yield block
