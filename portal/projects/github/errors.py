"""Why GitHub gave no figures, in words that may be shown: none of them holds a token."""

from datetime import timedelta


class GitHubError(Exception):
    """GitHub gave no figures."""


class Refused(GitHubError):
    """The token is not known, has expired, or may not read this. `needs` is what GitHub says it would take."""

    def __init__(self, words: str, *, needs: str = "", is_unknown: bool = False) -> None:
        super().__init__(words)
        self.needs, self.is_unknown = needs, is_unknown


class Missing(GitHubError):
    """The repository is not there, or not for this token."""


class Limited(GitHubError):
    """GitHub wants us to wait."""

    def __init__(self, words: str, *, wait: timedelta) -> None:
        super().__init__(words)
        self.wait = wait


class NotAnswered(GitHubError):
    """No answer, or one that makes no sense: GitHub is out of order, or the way to it."""


class Empty(GitHubError):
    """The repository has no commits yet."""


class TooLong(GitHubError):
    """GitHub does not count what is asked for, because the history is too long."""
