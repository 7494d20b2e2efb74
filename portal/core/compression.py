"""Pages are compressed on their way out; kept pages hold their compressed form."""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXT = ("text/", "application/json", "application/problem+json", "application/xml", "application/atom+xml")


class TextCompressionMiddleware(GZipMiddleware):
    """Compresses text alone: pictures and documents are compressed already, and lose their length and ranges by it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress a text that is not streamed."""
        if response.streaming or not response.get("Content-Type", "").startswith(TEXT):
            return response
        return super().process_response(request, response)


# RFC 1952: magic number, deflate, no flags, no time, no hint, no system; and the last block of a body, which is empty.
GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
LAST_BLOCK = b"\x03\x00"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a body, as it is and compressed so that it can stand between any others."""

    text: bytes
    packed: bytes


def piece_of(text: bytes) -> Piece:
    """The piece; it ends at a whole byte and refers to nothing before it.

    So a token is never compressed together with what stands around it, and its length tells nothing of it (BREACH).
    """
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return Piece(text, packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH))


def gzip_of(pieces: Iterable[Piece]) -> bytes:
    """One gzip body of pieces (RFC 1952)."""
    check, length, body = 0, 0, [GZIP_HEAD]
    for piece in pieces:
        check = zlib.crc32(piece.text, check)
        length += len(piece.text)
        body.append(piece.packed)
    return b"".join([*body, LAST_BLOCK, struct.pack("<LL", check, length)])
