"""What people can be told: each app registers its kinds of notification in `ready()`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.core.registry import Registry


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notification, and its words until an editor rewrites them.

    `subject` is the line in the bell and of the e-mail, `body` the text below it, in paragraphs; both have gaps such as
    {name} (`portal.core.merge_fields`). `fields` names the gaps, with a sample value each for previews. `action` is the
    label of the link. `urgent`: never kept for a digest. `email` and `sms`: the channels of somebody who has chosen
    nothing; the bell shows everything.
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


kinds: Registry[Kind] = Registry("kinds of notification")
