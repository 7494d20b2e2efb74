"""What can happen to subscriptions, and to what members may open."""

from portal.activity.registry import Verb

VERBS = {
    "subscription.started": Verb("{actor} subscribed to {subject}", icon="circle-check", tone="success"),
    "subscription.trial_started": Verb("{actor} began a trial of {subject}", icon="clock", tone="info"),
    "subscription.converted": Verb("The trial of {subject} is over and the subscription began", icon="circle-check"),
    "subscription.renewed": Verb("{subject} was renewed", icon="refresh-cw", is_news=False),
    "subscription.changed": Verb("{subject} was changed", icon="refresh-cw", tone="info"),
    "subscription.change_scheduled": Verb("{actor} changes {subject} on {day} to {to}", icon="clock", tone="info"),
    "subscription.change_withdrawn": Verb("{actor} lets {subject} go on unchanged", icon="refresh-cw"),
    "subscription.cancelling": Verb("{actor} cancelled {subject} for {day}", icon="clock", tone="warning"),
    "subscription.stopped": Verb("{actor} lets {subject} run out on {day}", icon="clock", tone="warning"),
    "subscription.cancelled_at_once": Verb("{actor} cancelled {subject} at once", icon="ban", tone="warning"),
    "subscription.resumed": Verb("{actor} resumed {subject}", icon="refresh-cw", tone="success"),
    "subscription.cancelled": Verb("{subject} has ended", icon="ban", tone="warning"),
    "subscription.expired": Verb("{subject} has run out", icon="ban", tone="warning"),
    "subscription.past_due": Verb("{subject} is past due", icon="clock", tone="warning"),
    "subscription.suspended": Verb("{subject} is suspended until it is paid", icon="ban", tone="danger"),
    "subscription.cancelled_unpaid": Verb("{subject} has ended, as it was not paid", icon="ban", tone="danger"),
    "subscription.reactivated": Verb("{subject} is paid and goes on", icon="circle-check", tone="success"),
    "subscription.use_doubted": Verb(
        "{quantity} of {metric} up to {day} cannot be right and were not charged for {subject}",
        icon="triangle-alert",
        tone="warning",
    ),
    "subscription.seats_agreed": Verb("By contract {subject} has {seats} seats", icon="users", tone="info"),
    "product.granted": Verb("{actor} gave {subject} access to {product}", icon="user-plus"),
    "product.taken": Verb("{actor} took access to {product} from {subject}", icon="ban"),
}
TOPICS = {"subscription": "Subscriptions", "product": "Products"}
