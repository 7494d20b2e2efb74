"""What can happen to products at a company."""

from portal.activity.registry import Verb

VERBS = {
    "product.set_up": Verb("{actor} changed “{setting}” of {subject} from {before} to {after}", icon="settings"),
}
