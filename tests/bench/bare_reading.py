"""A Django project of one view that makes queries and nothing else: what reading costs at the least.

BENCH_STATEMENTS names a JSON file of a list of statements. The view sends each of them and fetches what it gives.
"""

import json
import os
from pathlib import Path

import environ
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": {**environ.Env().db("DATABASE_URL"), "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}},
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    SECRET_KEY="of no use",
)

STATEMENTS: list[str] = json.loads(Path(os.environ["BENCH_STATEMENTS"]).read_text(encoding="utf-8"))


def bare(request: HttpRequest) -> HttpResponse:
    """Ask everything, answer how many rows there were."""
    rows = 0
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement)
            rows += len(cursor.fetchall())
    text = f"{rows} rows".encode()
    return HttpResponse(text, headers={"Content-Length": str(len(text))})


urlpatterns = [path("bare/", bare)]
application = get_wsgi_application()
