"""Coming to the portal with a company."""

from http import HTTPStatus
from typing import Any

from allauth.account.views import LoginView, SignupView
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.accounts.forms.companies import AnotherCompanyForm
from portal.accounts.forms.registration import RegistrationForm
from portal.accounts.middleware import act_for
from portal.accounts.models import ConsentText, User
from portal.accounts.services import companies, consents
from portal.core.forms import refusals_on

DASHBOARD = "/customer/dashboard/"


class KeptForBack:
    """A form that the browser may show again as it was filled in, for who goes back: nothing of it is anybody's yet.

    allauth forbids every browser to keep its pages; what the portal answers to a POST stays forbidden.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Allow it for the empty form."""
        parent: Any = super()
        response: HttpResponseBase = parent.dispatch(request, *args, **kwargs)
        if request.method == "GET" and response.status_code == HTTPStatus.OK:
            response["Cache-Control"] = "private, no-cache"
        return response


class Registration(KeptForBack, SignupView):
    """Person and company at once, for visitors; allauth keeps count of attempts and signs the person in."""

    template_name = "accounts/register.html"
    success_url = DASHBOARD

    def get_form_class(self) -> type[RegistrationForm]:
        """Ask for the company too, whatever the settings say of plain sign-up."""
        return RegistrationForm

    def get_success_url(self) -> str:
        """Lead where the visitor was going, else to the new company's dashboard."""
        return str(super().get_success_url() or DASHBOARD) if self.get_next_url() else DASHBOARD


class CustomerLogin(LoginView):
    """Sign-in for people of companies."""

    template_name = "accounts/customer_login.html"


def register(request: HttpRequest) -> HttpResponseBase:
    """Register a company: with a new account, or as a further one of somebody who is signed in."""
    if request.user.is_authenticated:
        return register_another(request, request.user)
    return Registration.as_view()(request)


def register_another(request: HttpRequest, user: User) -> HttpResponse:
    """A further company; its owner acts for it from now on."""
    form = AnotherCompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            company = companies.register(owner=user, **form.company_values())
            consents.give(user=user, at=timezone.now(), company=company)
            act_for(request, company)
            return redirect(DASHBOARD)
    return render(request, "accounts/register_another.html", {"form": form})


@require_safe
def consent_text(request: HttpRequest, kind: str) -> HttpResponse:
    """The text of now that people agree to."""
    text = ConsentText.objects.current(kind).first()
    if text is None:
        raise Http404
    context: dict[str, Any] = {"text": text, "paragraphs": text.body.split("\n\n")}
    return render(request, "accounts/consent_text.html", context)
