"""The agency's desk."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.accounts.desks import Kind
from portal.core.http import MemberRequest
from portal.teams import filters, pages
from portal.teams.desk import at_desk
from portal.teams.models import Agency, Assignment

PER_PAGE = 25


@require_safe
@at_desk(Kind.AGENCY)
def team(request: MemberRequest) -> HttpResponse:
    """The agency's developers over all the companies they are assigned to."""
    agency = get_object_or_404(Agency.objects.visible_to(request.user), slug=request.desk.ident)
    choice = filters.chosen(request.GET)
    found = filters.narrowed(Assignment.objects.of_agency(agency), choice).with_people().newest()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "teams/agency.html", {"agency": agency, **pages.agency(choice, page)})
