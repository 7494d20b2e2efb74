"""The addresses of the OpenID Connect provider. They stand on django-allauth's views, which products may post to."""

from typing import Any

from allauth.idp.oidc import views as allauth_views
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views import View
from oauthlib.oauth2.rfc6749.errors import AccessDeniedError, FatalClientError, OAuth2Error
from oauthlib.openid.connect.core.exceptions import InteractionRequired

from billing.launch import keys, refusals
from billing.launch.provider import discovery, messages, proofs
from billing.launch.provider.server import Provider
from billing.launch.services import access, clients, logouts, sessions
from billing.launch.services.access import Decision
from portal.core.http import PortalRequest

JWKS_SECONDS = 3600


class ConfigurationView(View):
    """The discovery document."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Tell everybody."""
        return _public(JsonResponse(discovery.metadata()))


class KeysView(View):
    """The public keys."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Tell everybody."""
        return _public(JsonResponse({"keys": [key.jwk for key in keys.published()]}))


def _public(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(response, max_age=JWKS_SECONDS, public=True)
    return response


class AuthorizationView(allauth_views.AuthorizationView):
    """Signs the member in to a product, or says why not. HEAD is not answered: it would make a code for nobody."""

    http_method_names = ["get", "post", "options"]

    def get(self, request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer the product through the browser; where its address is in doubt, tell the person alone."""
        try:
            return self.answer(request)
        except (FatalClientError, ValueError):
            return refusals.unclear(request)
        except OAuth2Error as error:
            address = error.redirect_uri
            return messages.back(error.in_uri(address)) if address else refusals.unclear(request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The same (OpenID Connect Core, 3.1.2.1), with the cookies that do not come with another site's form."""
        return redirect(f"{reverse('oidc-authorize')}?{request.POST.urlencode()}")

    def answer(self, request: PortalRequest) -> HttpResponse:
        """Check the request, the person, then the rule of access. Raises oauthlib's errors."""
        provider, asked = Provider(), messages.parameters(request)
        scopes, info = provider.validate_authorization_request(*asked)
        wanted, now = info["request"], timezone.now()
        if proofs.is_due(request, wanted, at=now):
            return proofs.ask(request, wanted, at=now)
        decision = self.decision(request, wanted)
        if decision is None or not decision.is_open:
            return self.refuse(request, wanted, decision)
        provider.validator.role, provider.validator.authenticated_at = decision.role, proofs.given_at(request)
        headers, _body, _status = provider.create_authorization_response(*asked, scopes=scopes)
        return messages.back(headers["Location"])

    def decision(self, request: PortalRequest, wanted: Any) -> Decision | None:
        """Whether the product is open to the member; None for whoever acts for no company."""
        user: Any = request.user
        product = wanted.client.product
        return access.decide(user=user, company=request.company, product=product) if request.company else None

    def refuse(self, request: PortalRequest, wanted: Any, decision: Decision | None) -> HttpResponse:
        """The page that says why the product is closed; to a product that wants no page, an error without a reason."""
        if wanted.prompt == "none":
            raise (AccessDeniedError if decision else InteractionRequired)(request=wanted)
        if decision is None:
            return refusals.without_company(request, wanted.client.product)
        return refusals.page(request, decision)


class TokenView(allauth_views.TokenView):
    """Codes, refresh tokens and products' own credentials for tokens."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """One transaction: what is used up and what is made of it, or the end of a session that was copied."""
        try:
            with transaction.atomic():
                headers, body, status = Provider().create_token_response(*messages.parameters(request))
        except OAuth2Error as error:
            return messages.problem(error)
        return messages.answer(headers, body, status)


class UserInfoView(allauth_views.UserInfoView):
    """The claims of whoever's token it is, while the product is open to them."""

    def _respond(self, request: HttpRequest) -> HttpResponse:
        try:
            headers, body, status = Provider().create_userinfo_response(*messages.parameters(request))
        except OAuth2Error as error:
            return messages.problem(error)
        return messages.answer(headers, body, status)


class RevokeView(allauth_views.RevokeView):
    """Takes tokens back."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End a token, or with a refresh token the session."""
        return messages.answer(*Provider().create_revocation_response(*messages.parameters(request)))


class LogoutView(allauth_views.LogoutView):
    """Ends the session of a product that its member signs out of (OpenID Connect RP-Initiated Logout 1.0)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """End the session of the hint and lead back; without a hint that is ours nothing ends, and the person is told.

        The portal itself is left by its own page alone: no other site signs anybody out of it.
        """
        asked = request.POST if request.method == "POST" else request.GET
        session = logouts.session_of(hint=asked.get("id_token_hint", ""), client_id=asked.get("client_id", ""))
        if session is None:
            return render(request, "launch/signed_out.html")
        sessions.end(sessions=[session.pk], reason=sessions.Reason.SIGNED_OUT, at=timezone.now(), is_told=False)
        address = asked.get("post_logout_redirect_uri", "")
        if session.product.client is None or address not in clients.post_logout_uris(session.product.client):
            return render(request, "launch/signed_out.html", {"product": session.product})
        return messages.leave(address, state=asked.get("state", ""))

    post = get
