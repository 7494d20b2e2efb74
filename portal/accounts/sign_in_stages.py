"""What comes between the right password and being signed in."""

from typing import Any

from allauth.account.stages import LoginStage
from django.shortcuts import redirect


class SecondFactorStage(LoginStage):
    """Keeps a sign-in waiting, signed in to nothing, until a code was given."""

    key = "second_factor"
    urlname = "second-factor-step"

    def handle(self) -> tuple[Any, bool]:
        """Ask those for a code who have a second factor."""
        if self.login.user is None or not self.login.user.second_factor_at:
            return None, True
        return redirect(self.urlname), True

    def is_resumable(self, request: Any) -> bool:
        """Whoever comes back to the sign-in is asked for the code again."""
        return True
