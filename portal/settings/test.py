"""The suite: as development, but quick where slowness proves nothing, on servers and a folder of its own."""

import gc
import os
from pathlib import Path

from portal import embedded

# As portal.celery has it everywhere else: before the apps are loaded.
gc.set_threshold(50_000, 20, 20)
os.environ.setdefault("PORTAL_VAR", str(Path(__file__).resolve().parents[2] / "var" / "test"))
embedded.ensure(durable=False)
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    # Each test process has a Redis database of its own; the upper eight, as a person's own data is in the lower ones.
    os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rsplit('/', 1)[0]}/{8 + int(worker[2:]) % 8}"

# What failed is told in a page, and not in two lines for each request before it.
os.environ.setdefault("LOG_LEVEL", "ERROR")

from portal.settings.development import *
from portal.settings.development import DATABASES, INSTALLED_APPS, REST_FRAMEWORK, VAR_DIR

# A careful server would wait for its disk after each transaction of each test.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"
INSTALLED_APPS = [*INSTALLED_APPS, "tests.portal.core.sample"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "portal.core.files.PrivateFolder",
        "OPTIONS": {"location": VAR_DIR / "test-private"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "test-media"
WHITENOISE_AUTOREFRESH = True
PAGE_CACHE = "off"
ANONYMOUS_A_MINUTE = {}
EVERYBODY_A_MINUTE = {}
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": []}
ACCOUNT_RATE_LIMITS = False
# Nobody answers there: tests start a GitHub of their own.
GITHUB_API_URL = "http://127.0.0.1:9"
LABS_API_URL = "http://127.0.0.1:9"
LABS_AUTHORIZE_URL, LABS_TOKEN_URL = f"{LABS_API_URL}/oauth/authorize", f"{LABS_API_URL}/oauth/token"
LABS_CLIENT_ID = LABS_CLIENT_SECRET = ""
