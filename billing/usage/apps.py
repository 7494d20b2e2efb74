"""Configuration of the usage app."""

from django.apps import AppConfig


class UsageConfig(AppConfig):
    """Events of use, and daily figures made from them."""

    name = "billing.usage"
