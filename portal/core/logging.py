"""Structured logs: one event a line, each with the id of the request or task that it belongs to.

`config(json=True)` writes JSON for collectors, `config(json=False)` lines for a person. Python's and structlog's
loggers go through the same processors. Passwords, tokens and bodies are never logged: events name what happened.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from structlog.typing import Processor

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def config(*, json: bool, level: str = "INFO") -> dict[str, Any]:
    """Configure structlog and return Django's LOGGING to go with it; `level` is the root logger's."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "event": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": _renderers(json=json),
                "foreign_pre_chain": SHARED,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "event"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # These would tell a second time what django_structlog says with the id of the request.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            # It would write addresses with people's e-mail addresses in them.
            "stripe": {"level": "WARNING"},
            # Both tell of every step.
            "weasyprint": {"level": "ERROR"},
            "factur-x": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
        },
    }


@contextmanager
def quiet() -> Iterator[None]:
    """Keep messages of every page and every task out of what a command prints."""
    loggers = [logging.getLogger(name) for name in ("wagtail", "django_tasks", "django_structlog")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _renderers(*, json: bool) -> list[Processor]:
    clean: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if json:
        return [*clean, structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
    return [*clean, structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
