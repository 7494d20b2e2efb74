"""A Django project of one view and nothing else: what server and framework cost at the least."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(ALLOWED_HOSTS=["127.0.0.1"], MIDDLEWARE=[], ROOT_URLCONF=__name__, SECRET_KEY="of no use")

TEXT = b"Nothing to see here."


def bare(request: HttpRequest) -> HttpResponse:
    """Answer at once."""
    return HttpResponse(TEXT, headers={"Content-Length": str(len(TEXT))})


urlpatterns = [path("bare/", bare)]
application = get_wsgi_application()
