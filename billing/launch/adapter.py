"""What django-allauth's provider asks of the portal."""

from typing import TYPE_CHECKING, Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.conf import settings

if TYPE_CHECKING:
    from portal.accounts.models import User


class ProviderAdapter(DefaultOIDCAdapter):
    """People are named by their public id, and the issuer by the portal's own address, whatever host was asked."""

    def get_issuer(self) -> str:
        """The portal's address: a request names any host it likes."""
        return str(settings.BASE_URL)

    def get_user_sub(self, client: Any, user: "User") -> str:
        """The same for all products, so that they can speak of a member to each other and to us."""
        return str(user.public_id)
