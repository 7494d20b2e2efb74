"""The sign-in client of a product: where it is answered, and its secret."""

from typing import Any

from allauth.idp.oidc.models import Client
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.debug import sensitive_variables
from wagtail import hooks
from wagtail.admin.auth import permission_denied
from wagtail.admin.widgets import Button

from billing.catalog.models import Product
from billing.launch.client_forms import ClientForm
from billing.launch.services import clients
from portal.accounts.models import User
from portal.core.admin_actions import ActionView
from portal.core.forms import refusals_on

RIGHT = "launch.keep_clients"


class ClientView(ActionView):
    """Keeps the client of one product; a secret is on the page that answers, and nowhere after."""

    model = Product
    page_title = "Sign-in client"
    header_icon = "key"
    form_class: Any = ClientForm
    permission_required = None
    back = "wagtailsnippets_catalog_product:list"
    done = "The sign-in client is kept."
    intro = "How the product signs members in by OpenID Connect. A new client gets its secret at once."

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """For those who keep clients."""
        if not request.user.has_perm(RIGHT):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The button says what it does."""
        return {**super().get_context_data(**kwargs), "submit_button_label": "Save the sign-in client"}

    def records(self) -> Any:
        """All products."""
        return Product.objects.select_related("client")

    def get_initial(self) -> dict[str, Any]:
        """What is registered."""
        client: Client | None = self.object.client
        if client is None:
            return {"new_secret": True}
        return {
            "redirect_uris": "\n".join(client.get_redirect_uris()),
            "post_logout_redirect_uris": "\n".join(clients.post_logout_uris(client)),
            "backchannel_logout_uri": clients.logout_uri(client),
        }

    @sensitive_variables("secret")
    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it; show a new secret this once."""
        values, by = dict(form.cleaned_data), self.request.user
        is_new = values.pop("new_secret") or self.object.client is None
        with refusals_on(form):
            secret = self._keep(by, values, is_new=is_new)
            if not secret:
                return super().form_valid(form)
            context = {**self.get_context_data(form=form), "client": self.object.client, "secret": secret}
            return render(self.request, "launch/admin/secret.html", context)
        return self.form_invalid(form)

    def _keep(self, by: Any, values: dict[str, Any], *, is_new: bool) -> str:
        clients.keep(product=self.object, by=by, **values)
        return clients.renew_secret(product=self.object, by=by) if is_new else ""

    def act(self, record: Product, by: User, values: dict[str, Any]) -> Product:
        """It is kept already."""
        return record


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    """The page of one product's client."""
    return [path("products/<int:pk>/client/", ClientView.as_view(), name="product-client")]


@hooks.register("register_snippet_listing_buttons")
def buttons(snippet: Any, user: User, next_url: str | None = None) -> Any:
    """Lead there from the list of products."""
    if isinstance(snippet, Product) and user.has_perm(RIGHT):
        yield Button("Sign-in client", reverse("product-client", args=[snippet.pk]), icon_name="key", priority=30)
