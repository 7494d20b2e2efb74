"""An app with no subject, whose models try out what core offers to models. Installed by the test settings only."""

from django.apps import AppConfig


class SampleConfig(AppConfig):
    """What core offers to models, tried out."""

    name = "tests.portal.core.sample"
    label = "sample"
    default_auto_field = "django.db.models.BigAutoField"
