"""What editors do to a page that is kept, and what readers get after it."""

import time
from typing import Any

from django.test import Client

from helpcenter.knowledge.models import ArticlePage
from tests.helpcenter.knowledge import pages

ADDRESS = "/help/bills/pay-a-bill/"
ONE_SECOND = 1.0


def publish(article: ArticlePage) -> None:
    article.title = "Settle a bill"
    pages.publish(article)


def move(article: ArticlePage) -> None:
    article.move(pages.topic("Money"), pos="last-child")


def restrict(article: ArticlePage) -> None:
    article.audience = ["staff"]
    pages.publish(article)


def unpublish(article: ArticlePage) -> None:
    article.unpublish()


def delete(article: ArticlePage) -> None:
    article.delete()


PAGE_CHANGES = [
    (publish, 200, b"Settle a bill"),
    (move, 301, b""),
    (restrict, 404, b""),
    (unpublish, 404, b""),
    (delete, 404, b""),
]


def first_other_answer(client: Client, before: bytes) -> Any:
    """What readers get as soon as it is not what they got before, or after a second."""
    started = time.monotonic()
    response = client.get(ADDRESS)
    while response.content == before and time.monotonic() - started < ONE_SECOND:
        time.sleep(0.05)
        response = client.get(ADDRESS)
    return response
