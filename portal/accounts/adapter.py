"""How django-allauth behaves here."""

from html import unescape
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail import EmailMessage

from portal.core.addresses import is_path
from portal.notifications import letters

ADMIN = "wagtailadmin.access_admin"
# What the link in each mail does; other mails of allauth say their address in words.
ACTIONS = {
    "email_confirmation": "Confirm my address",
    "email_confirmation_signup": "Confirm my address",
    "password_reset_key": "Choose a new password",
    "account_already_exists": "Choose a new password",
    "unknown_account": "Create an account",
}


class AccountAdapter(DefaultAccountAdapter):
    """Sends allauth's mails on the vendor's paper, and asks for the second factor."""

    def get_login_stages(self) -> list[str]:
        """What comes between the password and being signed in."""
        return [*super().get_login_stages(), "portal.accounts.sign_in_stages.SecondFactorStage"]

    def is_safe_url(self, url: str | None) -> bool:
        """Whether a sign-in leads on to it: to a page of ours, and to the admin those alone whom it lets in."""
        if not url or not is_path(url):
            return False
        user = self.request.user
        return not (url.startswith("/admin/") and user.is_authenticated and not user.has_perm(ADMIN))

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        """The mail in text and HTML, from the text of templates/account/email/."""
        plain = super().render_mail(template_prefix, email, context, headers)
        name = template_prefix.rpartition("/")[2]
        # Django escapes in text templates too.
        subject, text = unescape(str(plain.subject)), unescape(str(plain.body))
        letter = letters.from_text(subject, text, action_label=ACTIONS.get(name, "Open the portal"))
        return letters.message(letter, to=plain.to[0], headers=headers)
