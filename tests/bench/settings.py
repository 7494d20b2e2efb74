"""The portal as it runs, in a folder and a Redis database of the benchmarks' own."""

import os

from portal import celery

celery.prepare()
# The suite has the upper eight databases of Redis, the portal the first.
os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rsplit('/', 1)[0]}/7"

from portal.settings.development import *
from portal.settings.development import INSTALLED_APPS

# The benchmarks ask from one address as often as they can.
ANONYMOUS_A_MINUTE: dict[str, int] = {}
INSTALLED_APPS = [*INSTALLED_APPS, "tests.bench"]
