"""Load for tests: thousands of articles, hundreds of companies; only what is missing is added."""

from home.demo.scale.creating import create

__all__ = ["create"]
