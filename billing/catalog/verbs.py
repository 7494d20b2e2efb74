"""What can happen to prices and plans; no company's own affair, so staff read it."""

from portal.activity.registry import Verb

VERBS = {
    "price.offered": Verb("{actor} offers {subject} for {price}", icon="tag"),
    "price.replaced": Verb("{actor} changed the price of {subject} from {before} to {price}", icon="tag", tone="info"),
    "price.withdrawn": Verb("{actor} withdrew the price of {subject}: {price}", icon="tag", tone="warning"),
    "plan.archived": Verb("{actor} archived the plan {subject}", icon="ban", tone="warning"),
    "plan.restored": Verb("{actor} offers the plan {subject} again", icon="refresh-cw"),
}
