"""Configuration of the launch app."""

from django.apps import AppConfig


class LaunchConfig(AppConfig):
    """The OpenID Connect provider for products, and what they report."""

    name = "billing.launch"
