"""WSGI application for granian or any other server."""

from django.core.wsgi import get_wsgi_application

from portal import celery

celery.prepare()
application = get_wsgi_application()
