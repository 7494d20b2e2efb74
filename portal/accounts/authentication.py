"""How programs show who they are: a bearer token, which acts for a company as a session does."""

from http import HTTPStatus

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from portal.accounts import desks
from portal.accounts.acting import COMPANY_HEADER, desk_at, note_visit
from portal.accounts.models import TokenFamily, User
from portal.accounts.services import second_factor, tokens
from portal.core.errors import DomainError


class SecondFactorMissing(DomainError):
    """The role asks for a second factor, and the account has none."""

    code = "second_factor_missing"
    status = HTTPStatus.FORBIDDEN


class TokenAuthentication(BaseAuthentication):
    """Authorization: Bearer, with a token of `/api/auth/login/`.

    Raises AuthenticationFailed for tokens that are worth nothing (any more), Http404 for a company in X-Company that is
    none of the person's, SecondFactorMissing.
    """

    def authenticate(self, request: Request) -> tuple[User, TokenFamily] | None:
        """Sign the request in, and put desk, company and membership on it."""
        scheme, _space, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            family = tokens.family_of(access=token.strip(), at=timezone.now())
        except tokens.InvalidToken as error:
            raise AuthenticationFailed(error.message, error.code) from None
        act(request, family)
        return family.user, family

    def authenticate_header(self, request: Request) -> str:
        """What answers of status 401 ask for."""
        return 'Bearer realm="api"'


def act(request: Request, family: TokenFamily) -> None:
    """Let the request act for the token's company, or the one that X-Company names."""
    user = family.user
    desk = desk_of(family)
    wanted = request.headers.get(COMPANY_HEADER)
    if wanted:
        desk = desk_at(user, wanted)
        if desk is None:
            raise Http404
    membership = desk.membership if desk else None
    if second_factor.required_of(user, membership) and not user.second_factor_at:
        raise SecondFactorMissing(_("Set up a second factor in the portal first: your role asks for one."))
    inner = vars(request)["_request"]
    inner.desk, inner.membership, inner.company = desk, membership, desk.company if desk else None
    if membership:
        note_visit(membership)


def desk_of(family: TokenFamily) -> desks.Desk | None:
    """The desk that the token is for. Raises AuthenticationFailed when it is no longer the person's."""
    if family.company is None:
        return desks.desk_in_use(family.user, None)
    desk = desk_at(family.user, family.company.slug)
    if desk is None:
        raise AuthenticationFailed(_("This token is not valid any more. Sign in again."), "invalid_token")
    return desk
