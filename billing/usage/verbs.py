"""What can happen to figures of use."""

from portal.activity.registry import Verb

VERBS = {
    "usage.exported": Verb("{actor} downloaded figures of use as {format}", icon="download", is_news=False),
    "usage.rebuilt": Verb("{actor} had the use of {subject} on {day} counted anew", icon="refresh-cw", is_news=False),
}
TOPICS = {"usage": "Usage"}
