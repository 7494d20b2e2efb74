"""Test cards, and what becomes of them."""

from dataclasses import dataclass

from billing.payments.models import SandboxCard

Behaviour = SandboxCard.Behaviour


@dataclass(frozen=True, slots=True)
class TestCard:
    """A number that the sandbox knows, and what it does, in words for its page."""

    number: str
    brand: str
    behaviour: str
    words: str

    __test__ = False


CARDS = (
    TestCard("4242424242424242", "Visa", Behaviour.SUCCEEDS, "Succeeds"),
    TestCard("5555555555554444", "Mastercard", Behaviour.SUCCEEDS, "Succeeds"),
    TestCard("4000000000000002", "Visa", Behaviour.DECLINED, "Is declined"),
    TestCard("4000000000000341", "Visa", Behaviour.DECLINED_LATER, "Can be saved, and is declined afterwards"),
    TestCard("4000002500003155", "Visa", Behaviour.AUTHENTICATION, "Asks for authentication"),
    TestCard("4000000000000069", "Visa", Behaviour.EXPIRED, "Has expired"),
    TestCard("4000000000000077", "Visa", Behaviour.DELAYED, "Succeeds after a minute"),
    TestCard("4000000000003220", "Visa", Behaviour.NOISY, "Succeeds; webhooks come twice, in the wrong order"),
)
BY_NUMBER = {card.number: card for card in CARDS}
MESSAGES = {
    "card_declined": "The bank declined the card. Ask your bank, or pay in another way.",
    "expired_card": "The card has expired. Add another one.",
    "authentication_failed": "You did not confirm the payment at your bank. Nothing was charged.",
    "unknown_card": "This is no card that can be charged.",
}
# Codes after which the same card need not be tried again.
FINAL = frozenset({"expired_card", "unknown_card"})
