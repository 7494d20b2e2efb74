"""Served: any number of web and worker processes. Refuses to start without what it needs."""

import sentry_sdk
from django.core.exceptions import ImproperlyConfigured

from portal.core import logging as portal_logging
from portal.settings.base import *
from portal.settings.base import REST_FRAMEWORK, STORAGES, env

REQUIRED = ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "BASE_URL", "FIELD_ENCRYPTION_KEYS"]
REQUIRED += ["OIDC_PRIVATE_KEYS"]
missing = [name for name in REQUIRED if not env.str(name, default="")]
if missing:
    raise ImproperlyConfigured(f"Set these environment variables to run in production: {', '.join(missing)}.")

SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [env.str("BASE_URL").rstrip("/")]

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Limits count by the address that the outermost of these proxies saw; what a client says of it is not believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXY_COUNT", default=1)
REST_FRAMEWORK = {**REST_FRAMEWORK, "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT}
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

if env.str("MAILERSEND_API_TOKEN", default=""):
    EMAIL_BACKEND = "anymail.backends.mailersend.EmailBackend"
    ANYMAIL = {"MAILERSEND_API_TOKEN": env.str("MAILERSEND_API_TOKEN")}
elif env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))

if env.str("SMS_API_KEY", default=""):
    SMS_BACKEND = env.str("SMS_BACKEND", default="portal.notifications.sms.africas_talking")

if env.str("S3_BUCKET", default=""):
    # Addresses of public files are kept in stored pages, so they hold no signature, which would run out.
    S3 = {
        "querystring_auth": False,
        "bucket_name": env.str("S3_BUCKET"),
        "endpoint_url": env.str("S3_ENDPOINT_URL", default=None),
        "access_key": env.str("S3_ACCESS_KEY", default=None),
        "secret_key": env.str("S3_SECRET_KEY", default=None),
    }
    # Private files: a bucket of their own where one is named, in any case never readable without a signature.
    PRIVATE = {
        **S3,
        "bucket_name": env.str("S3_PRIVATE_BUCKET", default="") or env.str("S3_BUCKET"),
        "location": "private",
        "default_acl": "private",
        "querystring_auth": True,
    }
    STORAGES = {
        **STORAGES,
        "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": S3},
        "private": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": PRIVATE},
    }
    WAGTAILIMAGES_RENDITION_STORAGE = "portal.core.storages.objects.UnguessableObjects"

if env.str("SENTRY_DSN", default=""):
    sentry_sdk.init(dsn=env.str("SENTRY_DSN"), send_default_pii=False)

LOGGING = portal_logging.config(json=True, level=env.str("LOG_LEVEL", default="INFO"))
