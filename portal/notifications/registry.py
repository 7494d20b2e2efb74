"""What people can be told: each app registers its kinds of notification in `ready()`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from portal.core.registry import Registry

if TYPE_CHECKING:
    from django.http import HttpRequest

    from portal.accounts.models import Company
    from portal.notifications.models import Notification


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with an e-mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notification, and its words until an editor rewrites them.

    `subject` is the line in the bell and of the e-mail, `body` the text below it, in paragraphs; both have gaps such as
    {name} (`portal.core.merge_fields`). `fields` names the gaps, with a sample value each for previews. `action` is the
    label of the link. `urgent`: never kept for a digest. `email` and `sms`: the channels of somebody who has chosen
    nothing; the bell shows everything. `own_mail`: the app that tells it writes the e-mail itself, whatever was chosen.
    `listed`: named where people choose their channels; not what staff alone are told, nor one thing twice. `attach`
    brings the files that go with the e-mail, when it is sent; what it raises is tried again as every failed sending.
    """

    label: str
    group: str
    subject: str
    body: str
    fields: Mapping[str, str] = field(default_factory=dict)
    action: str = "Open in the portal"
    icon: str = "bell"
    urgent: bool = False
    email: bool = True
    sms: bool = False
    own_mail: bool = False
    listed: bool = True
    attach: "Callable[[Notification], Sequence[File]] | None" = None

    @property
    def section(self) -> str:
        """What its receivers choose channels for: urgent kinds apart from the others of their group."""
        return f"{self.group} (urgent)" if self.urgent else self.group


kinds: Registry[Kind] = Registry("kinds of notification")


@dataclass(frozen=True, slots=True)
class Section:
    """Kinds for which people choose channels together."""

    key: str
    group: str
    urgent: bool
    kinds: tuple[Kind, ...]

    @property
    def label(self) -> str:
        """Its name for people: that of its subject, and that it does not wait."""
        return f"{self.group}, important" if self.urgent else self.group


def sections() -> list[Section]:
    """All sections, by name, the urgent ones after the others of their group."""
    by_key: dict[str, list[Kind]] = {}
    for kind in kinds.all():
        by_key.setdefault(kind.section, []).append(kind)
    return [Section(key, found[0].group, found[0].urgent, tuple(found)) for key, found in sorted(by_key.items())]


def codes_of_group(group: str) -> list[str]:
    """The kinds of one group."""
    return [code for code in kinds if kinds.get(code).group == group]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """How e-mails look: the vendor's name, colour and logo (address without host), and whom to write to."""

    name: str = "Portal"
    accent: str = "#1d4ed8"
    accent_dark: str = "#82b1ff"
    logo_url: str = ""
    support_email: str = ""


# The app that keeps the brand registers it as "vendor".
letterheads: Registry[Callable[[], Letterhead]] = Registry("letterheads")

# Called before a person is led to what a notification of this company is about, so that they act for the company there.
arrivals: "Registry[Callable[[HttpRequest, Company], None]]" = Registry("arrivals")
