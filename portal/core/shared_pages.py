"""Pages that many signed-in readers share, but for the parts that are each reader's own.

A template puts such a part in `{% personal "name" %}…{% endpersonal %}`. Around these parts a page is cut into pieces,
which are kept, and the parts of another reader are put between them.
"""

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass
from http.cookies import SimpleCookie

from django.http import HttpRequest, HttpResponse
from django.http.response import ResponseHeaders

from portal.core import page_cache
from portal.core.compression import Piece, gzip_of, piece_of
from portal.core.questions import Question
from portal.core.session_proof import Proof, holds

Part = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who else gets the same page.

    `readers` is the same for all to whom the same is open, None where that is not known. `subject` is what the page is
    about, if a person can have to do with it in a way that shows beyond the personal parts; `apart` are the subjects
    with which this person has, or None where nobody asked.
    """

    readers: Hashable
    subject: Hashable = None
    apart: frozenset[Hashable] | None = None

    @property
    def digest(self) -> str:
        """Short for the readers."""
        return hashlib.sha256(repr(self.readers).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as one reader got it."""

    body: bytes
    headers: ResponseHeaders
    cookies: SimpleCookie | None
    proof: Proof
    question: Question | None = None

    def __sizeof__(self) -> int:
        """Memory that it takes, about."""
        return len(self.body)

    def holds(self, request: HttpRequest, session_key: str) -> bool:
        """Whether the reader would get the same again."""
        if not holds(self.proof, session_key):
            return False
        return self.question is None or self.question.holds(request)

    def response(self) -> HttpResponse:
        """The page once more."""
        response = page_cache.answer_of(self.body, self.headers)
        if self.cookies:
            response.cookies = self.cookies
        return response


@dataclass(frozen=True, slots=True)
class SharedPage:
    """A page without its personal parts: `gaps` names them, each between two of the pieces."""

    pieces: tuple[Piece, ...]
    gaps: tuple[str, ...]
    headers: dict[str, str]
    subject: Hashable

    def __sizeof__(self) -> int:
        """Memory that it takes, about."""
        return sum(map(weight_of, self.pieces))


@dataclass(frozen=True, slots=True)
class Visit:
    """What one session was shown as its own, and which shared pages it gets; nothing of it without its proof."""

    readers: str
    apart: frozenset[Hashable]
    parts: dict[str, Piece]
    cookies: SimpleCookie | None
    proof: Proof

    def __sizeof__(self) -> int:
        """Memory that it takes, about."""
        return sum(map(weight_of, self.parts.values())) + 100 * len(self.apart)

    def gets(self, page: SharedPage) -> bool:
        """Whether the page is the same for this session but for parts that are known."""
        return page.subject not in self.apart and self.parts.keys() >= set(page.gaps)

    def page(self, shared: SharedPage) -> KeptPage:
        """The page with the parts of this session."""
        first, *rest = shared.pieces
        pieces = [first]
        for name, piece in zip(shared.gaps, rest, strict=True):
            pieces += (self.parts[name], piece)
        is_packed = shared.headers.get("Content-Encoding") == "gzip"
        body = gzip_of(pieces) if is_packed else b"".join(piece.text for piece in pieces)
        headers = ResponseHeaders({**shared.headers, "Content-Length": str(len(body))})
        return KeptPage(body, headers, self.cookies, self.proof)


def weight_of(piece: Piece) -> int:
    """Memory that a piece takes, about."""
    return len(piece.text) + len(piece.packed)


def note_part(request: HttpRequest | None, name: str, text: str) -> None:
    """Note a personal part of the page that is drawn for this request."""
    if request is not None:
        vars(request).setdefault("personal_parts", []).append((name, text.encode()))


def parts_of(request: HttpRequest | None) -> list[Part]:
    """The personal parts that were drawn for this request, as they follow one another."""
    return list(getattr(request, "personal_parts", []))


def shared_page(
    response: HttpResponse, *, body: bytes, parts: list[Part], subject: Hashable = None
) -> SharedPage | None:
    """The page without these parts; None where one of them stands elsewhere too, or not where it should."""
    pieces, rest = [], body
    for _, text in parts:
        piece, found, rest = rest.partition(text)
        if not (text and found):
            return None
        pieces.append(piece)
    pieces.append(rest)
    if any(text in piece for _, text in parts for piece in pieces):
        return None
    headers = dict(page_cache.kept_headers(response).items())
    return SharedPage(tuple(map(piece_of, pieces)), tuple(name for name, _ in parts), headers, subject)
