"""Locks on names: for what has no row yet that could be locked."""

import hashlib

from django.db import connection


def try_lock(name: str) -> bool:
    """Take the lock of this name until the open transaction ends; False, at once, while another transaction has it.

    PostgreSQL's advisory locks have numbers: two names share one with a chance of 1 in 2^64.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_number(name)])
        return bool(cursor.fetchone()[0])


def wait_for(name: str) -> None:
    """Take the lock of this name until the open transaction ends, once nobody else has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(name)])


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
