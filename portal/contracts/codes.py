"""Codes under which anybody who holds a contract can have it verified: four groups of four, without look-alikes."""

import secrets

# Crockford's base 32: no I, L, O or U. Sixteen of them are eighty bits, which nobody guesses.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 16, 4
READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})


def new() -> str:
    """A code that nobody has."""
    return _grouped("".join(secrets.choice(LETTERS) for _place in range(LENGTH)))


def cleaned(text: str) -> str:
    """A code as it is kept, however somebody typed it; empty for what is none."""
    letters = "".join(letter for letter in text.upper()[:80] if letter.isalnum()).translate(READ_AS)
    return _grouped(letters) if len(letters) == LENGTH and set(letters) <= set(LETTERS) else ""


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))
