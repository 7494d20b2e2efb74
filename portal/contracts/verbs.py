"""What can happen to contracts; a company never hears of what is still a draft."""

from typing import TYPE_CHECKING

from portal.activity.registry import Verb

if TYPE_CHECKING:
    from portal.accounts.models import Membership


def nobody(_membership: "Membership") -> bool:
    """Events of drafts are for staff alone."""
    return False


VERBS = {
    "contract.drafted": Verb("{actor} drew up {subject}", icon="file-text", shown_to=nobody, is_news=False),
    "contract.changed": Verb("{actor} changed {subject}", icon="pencil", shown_to=nobody, is_news=False),
    "contract.discarded": Verb("{actor} discarded {subject}", icon="trash-2", shown_to=nobody, is_news=False),
    "contract.sent": Verb("{actor} sent {subject} for signing", icon="signature", tone="info"),
    "contract.taken_back": Verb("{actor} took {subject} back to change it", icon="refresh-cw", tone="warning"),
    "contract.cancelled": Verb("{actor} cancelled {subject}", icon="ban", tone="warning"),
    "contract.opened": Verb("{actor} opened {subject}", icon="eye", is_news=False),
    "contract.signed": Verb("{actor} signed {subject}", icon="signature", tone="success"),
    "contract.declined": Verb("{actor} declined to sign {subject}", icon="circle-x", tone="danger"),
    "contract.delegated": Verb("{actor} passed the signing of {subject} on", icon="users", tone="info"),
    "contract.completed": Verb("Everybody has signed {subject}", icon="circle-check", tone="success"),
    "contract.sealed": Verb("{subject} was sealed", icon="shield-check", tone="success", is_news=False),
    "contract.stamped": Verb("{subject} was time stamped", icon="clock", tone="success", is_news=False),
    "contract.began": Verb("{subject} is in force", icon="circle-check", tone="success"),
    "contract.offer_expired": Verb("{subject} was not signed in time", icon="clock", tone="warning"),
    "contract.expired": Verb("{subject} has ended", icon="clock"),
    "contract.terminated": Verb("{actor} terminated {subject}", icon="ban", tone="danger"),
    "contract.renewed": Verb("{subject} was renewed", icon="refresh-cw", tone="info"),
    "contract.renewal_off": Verb("{actor} decided that {subject} is not renewed", icon="ban", tone="warning"),
}
TOPICS = {"contract": "Contracts"}
