"""Forms of people and companies."""

from portal.accounts.forms.sign_up import SignupForm

__all__ = ["SignupForm"]
