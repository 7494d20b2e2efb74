"""What can happen to what contracts charge."""

from portal.activity.registry import Verb
from portal.contracts.verbs import nobody

VERBS = {
    "contract.item_added": Verb("{actor} added “{item}” to {subject}", icon="plus", shown_to=nobody, is_news=False),
    "contract.item_changed": Verb(
        "{actor} changed “{item}” in {subject}", icon="pencil", shown_to=nobody, is_news=False
    ),
    "contract.item_removed": Verb(
        "{actor} took “{item}” out of {subject}", icon="trash-2", shown_to=nobody, is_news=False
    ),
    "contract.terms_set": Verb("{actor} had {subject} charged {terms}", icon="pencil", shown_to=nobody, is_news=False),
    "contract.billing_enabled": Verb("{subject} is billed from now on", icon="receipt", tone="info"),
    "contract.item_paused": Verb("{actor} paused “{item}” of {subject}", icon="clock", tone="warning"),
    "contract.item_resumed": Verb("{actor} resumed “{item}” of {subject}", icon="refresh-cw", tone="info"),
    "contract.item_completed": Verb("{actor} completed “{item}” of {subject}", icon="circle-check", tone="success"),
    "contract.charged_again": Verb("{actor} had period {period} of {subject} charged again", icon="receipt"),
}
