"""What every test stands on: databases of its own, and the cast."""

pytest_plugins = ["tests.plugins.garbage", "tests.plugins.databases", "tests.cast"]
