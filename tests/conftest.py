"""What every test stands on: databases of its own, and the cast."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.plugins.garbage", "tests.plugins.databases", "tests.cast"]

# Nothing is decided by how fast a machine is.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
