"""What the rows of the access matrix are made of: who gets what."""

from dataclasses import dataclass, field

from tests.cast import CAST

EVERYONE, SIGNED_IN = dict.fromkeys(CAST, 200), dict.fromkeys(CAST, 200) | {"anonymous": 302}
MEMBERS = ("owner", "company_admin", "billing_member", "viewer", "stranger")
STAFF = ("support", "finance", "staff")
NOBODYS = "00000000-0000-4000-8000-000000000000"


def only(*names: str, otherwise: int = 404, anonymous: int = 302) -> dict[str, int]:
    """These people get the page, other people `otherwise`."""
    return {**dict.fromkeys(CAST, otherwise), "anonymous": anonymous, **dict.fromkeys(names, 200)}


# A record that nobody has: those who may do something get 404, members who may not get 403.
NOBODY = "00000000-0000-4000-8000-000000000000"
APPROVERS_ONLY = {**only(), "billing_member": 403, "viewer": 403}


def members(*names: str, answer: int = 200, anonymous: int = 302, rest: int = 404) -> dict[str, int]:
    """These members get `answer`, other members of a company 403; people at other desks find nothing there."""
    refused = dict.fromkeys((*MEMBERS, *names), 403)
    return {**only(otherwise=rest, anonymous=anonymous), **refused, **dict.fromkeys(names, answer)}


MANAGERS = ("owner", "company_admin", "stranger")
OWNERS = ("owner", "stranger")
VIEWERS_OF_BILLING = ("owner", "company_admin", "billing_member", "stranger")
PAYERS = ("owner", "billing_member", "stranger")


@dataclass(frozen=True)
class Row:
    """An address and its answers."""

    example: str
    answers: dict[str, int] = field(default_factory=lambda: EVERYONE)
    method: str = "get"


def nobodys(example: str, method: str = "get") -> Row:
    """An address of staff for a record that nobody has: they find nothing, others may not look."""
    return Row(example, only(otherwise=403, anonymous=401) | dict.fromkeys(STAFF, 404), method)
