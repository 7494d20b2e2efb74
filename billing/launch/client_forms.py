"""What staff say of a product as a relying party."""

from typing import Any

from django import forms

from billing.launch.services import clients
from portal.core.errors import DomainError


class ClientForm(forms.Form):
    """Where the product is answered, and whether it gets another secret."""

    redirect_uris = forms.CharField(
        label="Redirect addresses",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Each on a line of its own, exactly as the product names them.",
    )
    post_logout_redirect_uris = forms.CharField(
        label="Addresses after signing out",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Each on a line of its own.",
    )
    backchannel_logout_uri = forms.CharField(
        label="Back-channel logout address", required=False, help_text="Told when a member's session ends."
    )
    new_secret = forms.BooleanField(
        label="Make a new secret",
        required=False,
        help_text="Shown once. The one before opens nothing from then on; nobody is signed out.",
    )

    def clean_redirect_uris(self) -> list[str]:
        """Line by line."""
        return self._addresses("redirect_uris")

    def clean_post_logout_redirect_uris(self) -> list[str]:
        """Line by line."""
        return self._addresses("post_logout_redirect_uris")

    def clean_backchannel_logout_uri(self) -> str:
        """One, or none."""
        return next(iter(self._addresses("backchannel_logout_uri")), "")

    def _addresses(self, name: str) -> list[str]:
        value: Any = self.cleaned_data[name]
        addresses = [line.strip() for line in str(value).splitlines() if line.strip()]
        for address in addresses:
            try:
                clients.check(address)
            except DomainError as error:
                raise forms.ValidationError(error.message) from None
        return addresses
