"""What `verify_ledger` proves: each app that moves money registers its checks in `ready()`."""

from collections.abc import Callable, Iterator

from portal.core.registry import Registry

# A check yields a sentence for each difference, nothing where all agrees, and holds no more than a row at a time.
Check = Callable[[], Iterator[str]]
ledger_checks: Registry[Check] = Registry("checks of the ledger")
