"""What can be verified at /verify/: each app that hands out sealed documents registers how it finds its own."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from portal.core.registry import Registry

Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Proof:
    """A document that the portal knows.

    `facts` are shown to whoever has its code, `in_file` only to whoever has the file, which says the same. `status` and
    `label` are what became of it. `sha256` is that of the file that was found, or of the newest one; `is_newest` says
    whether that is the same.
    """

    what: str
    number: str
    status: str
    label: str
    facts: tuple[Fact, ...]
    in_file: tuple[Fact, ...] = ()
    sha256: str = ""
    is_newest: bool = True


@dataclass(frozen=True, slots=True)
class Verifier:
    """How an app finds a document: by what somebody typed as its code, or by the SHA-256 of one of its files.

    `by_sha256` gets several digests and answers for the first of them that it knows.
    """

    by_code: Callable[[str], Proof | None]
    by_sha256: Callable[[Collection[str]], Proof | None]


verifiers: Registry[Verifier] = Registry("verifiers")
