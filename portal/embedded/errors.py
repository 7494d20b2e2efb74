"""What can be wrong with the embedded servers."""


class EmbeddedError(Exception):
    """The servers cannot be had; the message says in one sentence what to do."""


class UnsupportedError(EmbeddedError):
    """This platform has no embedded servers."""

    def __init__(self, program: str) -> None:
        super().__init__(
            f"The embedded {program} runs on Linux (glibc) and macOS only: "
            "set DATABASE_URL and REDIS_URL to servers of your own."
        )
