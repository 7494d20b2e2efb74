"""What people are told of subscriptions, in the words that editors may change."""

from portal.notifications.registry import Kind

GROUP = "Subscriptions"
FIELDS = {"company": "Savanna Foods", "plan": "ERP Business", "amount": "KES 17,400.00", "until": "5 December 2026"}
ACTION = "See the subscription"

KINDS = {
    "trial_ending": Kind(
        "A trial ends soon",
        GROUP,
        "The trial of {plan} ends on {until}",
        "The trial of {plan} that {company} has ends on {until}. Then the subscription begins by itself, for {amount} "
        "plus tax a period, and we send an invoice.\n\nIf you do not want to go on, cancel before that day: you pay "
        "nothing.",
        FIELDS,
        action=ACTION,
        icon="clock",
        urgent=True,
    ),
    "subscription_started": Kind(
        "A subscription begins",
        GROUP,
        "{plan} is yours",
        "{company} can use {plan} from now on. The current period ends on {until}.\n\nGive the members who shall use "
        "it access under Members.",
        FIELDS,
        action=ACTION,
        icon="circle-check",
    ),
    "subscription_renewed": Kind(
        "A subscription is renewed",
        GROUP,
        "{plan} is renewed until {until}",
        "The subscription of {company} to {plan} is renewed until {until}, for {amount} plus tax. The invoice follows.",
        FIELDS,
        action=ACTION,
        icon="refresh-cw",
        # The invoice comes by e-mail anyway.
        email=False,
    ),
    "subscription_changed": Kind(
        "A subscription is changed",
        GROUP,
        "{plan}: your subscription is changed",
        "The subscription of {company} is now {plan}, for {amount} plus tax a period. The current period ends on "
        "{until}.",
        FIELDS,
        action=ACTION,
        icon="refresh-cw",
    ),
    "subscription_change_scheduled": Kind(
        "A change is scheduled",
        GROUP,
        "{plan} changes on {day}",
        "The subscription of {company} to {plan} stays as it is until {day}. Then it becomes: {to}.",
        {**FIELDS, "day": "5 December 2026", "to": "ERP Starter, monthly"},
        action=ACTION,
        icon="clock",
    ),
    "subscription_cancelling": Kind(
        "A subscription is to end",
        GROUP,
        "{plan} ends on {until}",
        "The subscription of {company} to {plan} is cancelled. You can use everything until {until}, and resume it "
        "until then.",
        FIELDS,
        action=ACTION,
        icon="clock",
        urgent=True,
    ),
    "subscription_resumed": Kind(
        "A subscription goes on",
        GROUP,
        "{plan} goes on",
        "The subscription of {company} to {plan} goes on: it renews on {until} for {amount} plus tax.",
        FIELDS,
        action=ACTION,
        icon="circle-check",
        urgent=True,
    ),
    "subscription_cancelled": Kind(
        "A subscription has ended",
        GROUP,
        "{plan} has ended",
        "The subscription of {company} to {plan} has ended. Your data is kept for now: subscribe again to go on where "
        "you stopped.",
        FIELDS,
        action=ACTION,
        icon="ban",
        urgent=True,
    ),
    "subscription_expired": Kind(
        "A subscription has run out",
        GROUP,
        "{plan} has run out",
        "The subscription of {company} to {plan} has run out, as it was not to renew by itself. Subscribe again to go "
        "on where you stopped.",
        FIELDS,
        action=ACTION,
        icon="ban",
        urgent=True,
    ),
    "subscription_past_due": Kind(
        "A subscription is past due",
        GROUP,
        "{plan}: an invoice is overdue",
        "An invoice for {plan} of {company} is overdue. Everything works as before for now: please pay it soon.",
        FIELDS,
        action=ACTION,
        icon="clock",
        urgent=True,
    ),
    "subscription_suspended": Kind(
        "A subscription is suspended",
        GROUP,
        "{plan} is suspended",
        "{plan} of {company} is suspended, because an invoice is overdue. Nothing was deleted: pay it, and everything "
        "opens again at once.",
        FIELDS,
        action=ACTION,
        icon="ban",
        urgent=True,
    ),
    "subscription_reactivated": Kind(
        "A subscription is paid again",
        GROUP,
        "{plan} is paid",
        "Thank you: everything that was due for {plan} of {company} is paid, and it goes on as before.",
        FIELDS,
        action=ACTION,
        icon="circle-check",
        urgent=True,
    ),
    "access_closed": Kind(
        "Access to a product is closed",
        GROUP,
        "You cannot open {product} for now",
        "{company} cannot open {product} at present. {why}\n\n{remedy}",
        {
            "company": "Savanna Foods",
            "product": "ERP",
            "why": "Access is suspended because an invoice is overdue.",
            "remedy": "Pay it, and everything opens again at once. Nothing was deleted.",
        },
        action="See your products",
        icon="ban",
        urgent=True,
    ),
    "limit_reached": Kind(
        "A limit is nearly reached",
        GROUP,
        "{plan}: {percent} % of {limit} are used",
        "{company} uses {used} of {most} that {plan} includes: {limit}. Nothing stops when all is used; a larger plan "
        "or more seats leave room to grow.",
        {**FIELDS, "limit": "Seats", "used": "10", "most": "12", "percent": "83"},
        action=ACTION,
        icon="circle-dot",
    ),
}
