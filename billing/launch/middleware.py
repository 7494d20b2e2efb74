"""Lets forms lead on to products."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

from billing.catalog.models import Product

PLACES = ("/identity/o/", "/customer/products/")


class FormsThatLeadToProducts:
    """Whoever signs in on the way to a product is led there when the form is sent.

    Browsers hold such redirects to the policy of the page with the form (CSP Level 3, 6.4.1, form-action), so the
    origins of products are added to it: on pages under accounts/ that lead on to a product, and nowhere else.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/accounts/") and response.status_code == 200 and leads_to_product(request):
            vars(response)["_csp_update"] = {"form-action": origins()}
        return response


def leads_to_product(request: HttpRequest) -> bool:
    """Whether the page leads on to where products are opened; a sign-in that waits for its code keeps that itself."""
    waiting = request.session.get("account_login") or {}
    places = (request.GET.get("next"), request.POST.get("next"), waiting.get("redirect_url"))
    return any(place and place.startswith(PLACES) for place in places)


def origins() -> list[str]:
    """Where products are."""
    addresses = Product.objects.offered().exclude(launch_url="").values_list("launch_url", flat=True)
    return sorted({f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, addresses)})
