"""What can happen to products at a company, and to their sign-in."""

from portal.activity.registry import Verb

VERBS = {
    "product.set_up": Verb("{actor} changed “{setting}” of {subject} from {before} to {after}", icon="settings"),
    "product.client_changed": Verb("{actor} changed where {subject} is answered", icon="key"),
    "product.secret_renewed": Verb("{actor} gave {subject} another secret", icon="key", tone="warning"),
}
