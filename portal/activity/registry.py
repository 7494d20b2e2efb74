"""What can happen: each app registers the verbs of its events in `ready()`."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.core.registry import Registry

if TYPE_CHECKING:
    from portal.accounts.models import Membership
    from portal.activity.models import ActivityEvent


@dataclass(frozen=True, slots=True)
class Verb:
    """One kind of event: its sentence for people, and who of a company may read it.

    `sentence` has {actor}, {subject} and the names in the event's data: "{actor} published {subject}". `shown_to` says
    of a membership whether it may read such events; without it every member of the company may. `link` finds the
    address of the thing itself. `icon` and `tone` (success, warning, danger, info) are for feeds; what happens all the
    time is no news, and dashboards leave it out.
    """

    sentence: str
    icon: str = "circle-dot"
    tone: str = ""
    shown_to: "Callable[[Membership], bool] | None" = None
    link: "Callable[[ActivityEvent], str] | None" = None
    is_news: bool = True

    @property
    def words(self) -> str:
        """The sentence without names: "Somebody published …"."""
        return str(self.sentence).format_map(_Blanks(actor="Somebody"))


class _Blanks(dict[str, str]):
    """Names for a sentence, dots for those that are not known."""

    def __missing__(self, name: str) -> str:
        return "…"


verbs: Registry[Verb] = Registry("activity verbs")
# What verbs are about, in plain words, by what stands before the point of their codes: "member" of "member.joined".
# Companies are offered these alone.
topics: Registry[str] = Registry("topics of activity")


def topic_of(code: str) -> str:
    """What a verb is about, in plain words."""
    about = code.partition(".")[0]
    return topics.get(about) if about in topics else about.capitalize()


def routine() -> Collection[str]:
    """Name the verbs that are no news."""
    return [code for code in verbs if not verbs.get(code).is_news]


def hidden_from(membership: "Membership | None") -> Collection[str]:
    """Name the verbs that a member may not read; without a membership, all that not every member may."""
    guarded = [(code, rule) for code in verbs if (rule := verbs.get(code).shown_to)]
    return [code for code, rule in guarded if membership is None or not rule(membership)]
