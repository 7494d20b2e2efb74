"""Embedded default: one machine, no server installed by hand, nothing to configure."""

from portal.settings.base import *
from portal.settings.base import env

DEVELOPMENT = True
OUTBOX = True
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="development-only-not-a-secret-7d1f0a5c9b3e")
FIELD_ENCRYPTION_KEYS = env.list("FIELD_ENCRYPTION_KEYS", default=["3vVq0mGmJp0h1qU1v8bHkq8m9n3sK2cYw5x7R4tZ6eA="])
# The demo's passwords are published: a second factor would keep nobody out. A banner says so.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
# The demo pays with test cards.
PAYMENT_SANDBOX = env.bool("PAYMENT_SANDBOX", default=True)
