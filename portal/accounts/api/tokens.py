"""Signing programs in and out."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.accounts import desks
from portal.accounts.acting import COMPANY_HEADER, desk_at
from portal.accounts.authentication import SecondFactorMissing
from portal.accounts.models import Membership, User
from portal.accounts.services import api_sign_in, second_factor, tokens
from portal.core.api.described import refusals


class LoginSerializer(serializers.Serializer[Any]):
    """What signs in."""

    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=256, trim_whitespace=False, style={"input_type": "password"})
    otp = serializers.CharField(
        max_length=32, required=False, help_text="a code of the authenticator app, or a recovery code"
    )


class RefreshSerializer(serializers.Serializer[Any]):
    """A refresh token."""

    refresh = serializers.CharField(max_length=2000)


class PairSerializer(serializers.Serializer[Any]):
    """An access token for minutes, and a refresh token to exchange once."""

    access = serializers.CharField()
    refresh = serializers.CharField()


class Anybody(APIView):
    """A view that looks at no session and no token; limited more tightly than others."""

    authentication_classes: list[type] = []
    permission_classes = [AllowAny]
    throttle_scope = "sign-in"


class Login(Anybody):
    """Sign-in by address, password and code."""

    @extend_schema(
        summary="Sign in",
        request=LoginSerializer,
        parameters=[OpenApiParameter(COMPANY_HEADER, str, OpenApiParameter.HEADER, description="slug of the company")],
        responses={200: PairSerializer, **refusals(400, 401, 403, 404, 429)},
    )
    def post(self, request: Request) -> Response:
        """Give tokens for the company of X-Company, else for the person's first desk."""
        sent = LoginSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        user = api_sign_in.prove(request=vars(request)["_request"], **sent.validated_data)
        membership = membership_for(user, request.headers.get(COMPANY_HEADER))
        if second_factor.required_of(user, membership) and not user.second_factor_at:
            raise SecondFactorMissing(_("Set up a second factor in the portal first: your role asks for one."))
        company = membership.company if membership else None
        proven = user.second_factor_at is not None
        pair = tokens.issue(user=user, company=company, is_proven=proven, at=timezone.now())
        return Response(PairSerializer(pair).data, headers={"Cache-Control": "no-store"})


class Refresh(Anybody):
    """Exchange of tokens."""

    @extend_schema(
        summary="Exchange a refresh token",
        request=RefreshSerializer,
        responses={200: PairSerializer, **refusals(400, 401, 429)},
    )
    def post(self, request: Request) -> Response:
        """Give new tokens; the old refresh token is worth nothing, and using it again ends the sign-in."""
        pair = tokens.refresh(token=sent_token(request), at=timezone.now())
        return Response(PairSerializer(pair).data, headers={"Cache-Control": "no-store"})


class Logout(Anybody):
    """Sign-out."""

    @extend_schema(summary="Sign out", request=RefreshSerializer, responses={204: None, **refusals(400, 401, 429)})
    def post(self, request: Request) -> Response:
        """End the sign-in: none of its tokens is worth anything any more."""
        tokens.end(token=sent_token(request), at=timezone.now())
        return Response(status=204)


def sent_token(request: Request) -> str:
    """The refresh token of the body."""
    sent = RefreshSerializer(data=request.data)
    sent.is_valid(raise_exception=True)
    token: str = sent.validated_data["refresh"]
    return token


def membership_for(user: User, slug: str | None) -> Membership | None:
    """The membership that the person wants to act by. Raises Http404 for a company that is not theirs."""
    desk = desk_at(user, slug) if slug else desks.desk_in_use(user, None)
    if slug and desk is None:
        raise Http404
    return desk.membership if desk else None


class BearerScheme(OpenApiAuthenticationExtension):
    """A token in the header Authorization; drf-spectacular finds this class by its base."""

    target_class = "portal.accounts.authentication.TokenAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """A bearer token in the header Authorization."""
        scheme: dict[str, str] = build_bearer_security_scheme_object("HTTP_AUTHORIZATION", "Bearer", "JWT")
        return scheme
