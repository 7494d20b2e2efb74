"""The product's pages, and its part of OpenID Connect."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.integrations.base_client import OAuthError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect, ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST
from joserfc.errors import JoseError

from billing.launch.sample.portal import Closed, Forged
from billing.launch.sample.products import Full
from billing.launch.sample.running import here
from billing.launch.sample.sessions import SignedIn

STYLE = Path(__file__).with_name("style.css")
View = Callable[..., HttpResponseBase]


def for_members(view: View) -> View:
    """Let members in; others are signed in by the portal on the way, and come to the same page."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        member = here.sessions.find(request.session.get("key", ""))
        if member is None:
            return redirect(login_address(request.path if request.method == "GET" else "/"))
        return view(request, member, *args, **kwargs)

    return never_cache(asked)


def login_address(path: str = "/") -> str:
    """Where signing in begins, to come to this page."""
    return f"/login?{urlencode({'iss': here.portal.issuer, 'target_link_uri': here.base_url + path})}"


@require_GET
@never_cache
def login(request: HttpRequest) -> HttpResponse:
    """Begin to sign somebody in, as the portal asks or a page of ours (OpenID Connect Core, 4)."""
    if request.GET.get("iss") != here.portal.issuer:
        return refused(request, "You were sent here by somebody else than the portal.")
    path = own_path(request.GET.get("target_link_uri", ""))
    if path is None:
        return refused(request, "The page that you were to come to is none of ours.")
    request.session["path"] = path
    hint = {"login_hint": request.GET["login_hint"]} if "login_hint" in request.GET else {}
    try:
        return here.portal.client.authorize_redirect(request, f"{here.base_url}/callback", **hint)
    except OSError:
        return refused(request, "The portal does not answer. Try again in a moment.", status=503)


def own_path(target: str) -> str | None:
    """The path of a page of ours, "/" without one, None for any other: nobody is led elsewhere from here."""
    parts, ours = urlsplit(target or here.base_url + "/"), urlsplit(here.base_url)
    is_ours = (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc)
    is_plain = parts.path.startswith("/") and not parts.path.startswith("//") and "\\" not in target
    return parts.path if is_ours and is_plain else None


@require_GET
@never_cache
def callback(request: HttpRequest) -> HttpResponse:
    """Take what the portal answered; refuse what was not begun here (`state`) or is of another issuer (`iss`)."""
    path = request.session.get("path", "/")
    if request.GET.get("iss", here.portal.issuer) != here.portal.issuer:
        return refused(request, "The answer is not the portal's.")
    try:
        member = sign_in(request, here.portal.client.authorize_access_token(request))
    except (OAuthError, JoseError, Closed, KeyError):
        return refused(request, "Signing in did not work. Begin again from the portal.")
    except OSError:
        return refused(request, "The portal does not answer. Try again in a moment.", status=503)
    here.reporter.stand(member.claims["company"]["id"])
    return redirect(path)


def sign_in(request: HttpRequest, token: dict[str, Any]) -> SignedIn:
    """Let this browser be a member's from now on, under a new key. Raises Closed and OSError."""
    key, member = here.sessions.begin(token)
    here.sessions.end(request.session.get("key", ""))
    request.session.flush()
    request.session["key"] = key
    return member


@require_POST
@never_cache
def backchannel_logout(request: HttpRequest) -> HttpResponse:
    """The portal says that a session has ended (Back-Channel Logout 1.0, 2.5); its signature is the proof."""
    try:
        told = here.portal.logout_claims(request.POST.get("logout_token", ""))
    except Forged as error:
        return JsonResponse({"error": "invalid_request", "error_description": str(error)}, status=400)
    except OSError:
        return JsonResponse({"error": "temporarily_unavailable"}, status=503)
    here.sessions.end_named(sid=told.get("sid", ""), sub=told.get("sub", ""))
    return HttpResponse()


@require_POST
@csrf_protect
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out here, and tell the portal by way of the browser (RP-Initiated Logout 1.0)."""
    member = here.sessions.end(request.session.get("key", ""))
    request.session.flush()
    if member is None:
        return redirect("/")
    hint, back = member.token.get("id_token"), f"{here.base_url}/"
    try:
        return here.portal.client.logout_redirect(request, post_logout_redirect_uri=back, id_token_hint=hint)
    except OSError:
        return redirect("/")


@require_GET
@never_cache
@ensure_csrf_cookie
def home(request: HttpRequest) -> HttpResponse:
    """The first page; whoever is not signed in reads what this is."""
    member = here.sessions.find(request.session.get("key", ""))
    return page(request, member) if member else render(request, "page.html", {**frame(), "login": login_address()})


@require_GET
@ensure_csrf_cookie
@for_members
def section(request: HttpRequest, member: SignedIn, slug: str) -> HttpResponse:
    """One page of the product."""
    found = here.product.sections.get(slug)
    if found is None:
        raise Http404
    here.reporter.visited(member, found)
    return page(request, member, section=found, slug=slug)


@require_POST
@csrf_protect
@for_members
def work(request: HttpRequest, member: SignedIn, key: str) -> HttpResponse:
    """Do something, and tell the portal of it."""
    found = here.product.works.get(key)
    if found is None:
        raise Http404
    claims = member.claims
    try:
        here.books.do(found, company=claims["company"]["id"], limits=claims.get("limits") or {})
    except Full as full:
        request.session["said"] = f"{full} Choose a larger one in the portal."
    else:
        here.reporter.worked(member, found)
        request.session["said"] = f"{found.says}."
    return redirect("/")


@require_GET
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """That the product works."""
    return JsonResponse({"status": "ok", "product": here.product.slug})


@require_GET
def style(request: HttpRequest) -> HttpResponse:
    """How pages look."""
    return HttpResponse(STYLE.read_bytes(), content_type="text/css", headers={"Cache-Control": "max-age=3600"})


def frame() -> dict[str, Any]:
    """What every page shows."""
    return {"product": here.product, "portal": here.portal.issuer}


def page(request: HttpRequest, member: SignedIn, **more: Any) -> HttpResponse:
    """A page for a member."""
    claims = member.claims
    figures, limits = here.books.of(claims["company"]["id"]), claims.get("limits") or {}
    shown = [(here.product.figures[key][0], value, limits.get(key)) for key, value in figures.items()]
    told = {"member": claims, "figures": shown, "limits": limits, "said": request.session.pop("said", "")}
    return render(request, "page.html", {**frame(), **told, **more})


def refused(request: HttpRequest, why: str, *, status: int = 400) -> HttpResponse:
    """A page that says why somebody was not signed in."""
    return render(request, "page.html", {**frame(), "why": why}, status=status)
