"""Why the portal cannot run here."""


class CannotRun(Exception):
    """The message says in one sentence what is wrong and what to do."""
