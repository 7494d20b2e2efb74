"""The portal as `make run` has it, with the sample app of the tests and an impatient sweeper."""

from portal.settings.test import *
from portal.settings.test import CELERY_BEAT_SCHEDULE, DATABASES

# Its servers are killed: what they have answered must be on disk, as with `make run`.
del DATABASES["default"]["OPTIONS"]["options"]
CELERY_BEAT_SCHEDULE["sweep-jobs"] |= {"schedule": 1.0, "options": {"expires": 1.0}}
