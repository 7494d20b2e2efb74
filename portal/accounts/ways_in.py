"""Ways to sign in beside the password; apps above register theirs, and the pages for signing in show them."""

from collections.abc import Callable, Sequence

from portal.core.registry import Registry

# Each gives buttons as `label` and `url`, to which a form is posted with the address to go on to as `next`.
ways_in: Registry[Callable[[], Sequence[dict[str, str]]]] = Registry("ways to sign in")


def offered() -> list[dict[str, str]]:
    """Those that there are now."""
    return [way for find in ways_in.all() for way in find()]
