"""Celery's application: what `.delay()` queues with, and what `celery -A portal.celery worker` and `beat` run."""

import gc
import os

from celery import Celery, signals
from django_structlog.celery.steps import DjangoStructLogInitStep

from portal import embedded


def prepare() -> None:
    """Name the settings and join the embedded servers, where the environment does not: before settings load.

    Python looks for garbage less often from here on: a fifth of the start and of migrating was spent on looking.
    """
    gc.set_threshold(50_000, 20, 20)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.development")
    embedded.ensure()


prepare()
app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Each line of a task is logged under the id of the request that queued it.
app.steps["worker"].add(DjangoStructLogInitStep)


@signals.setup_logging.connect
def keep_logging(**kwargs: object) -> None:
    """Leave logging as settings.LOGGING has it: with a receiver here Celery does not set up its own."""
