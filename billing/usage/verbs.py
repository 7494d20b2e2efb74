"""What can happen to figures of use."""

from portal.activity.registry import Verb

VERBS = {"usage.exported": Verb("{actor} downloaded figures of use as {format}", icon="download", is_news=False)}
TOPICS = {"usage": "Usage"}
