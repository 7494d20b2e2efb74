"""The page of use, its slow parts, and the same figures as files."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from billing.usage import files, pages, parts
from billing.usage.choice import Choice
from portal.accounts.permissions import requires
from portal.accounts.roles import Permission
from portal.core.http import MemberRequest

private = cache_control(private=True, no_store=True)


@require_safe
@requires(Permission.VIEW_COMPANY)
@private
def index(request: MemberRequest) -> HttpResponse:
    """What the company uses of its products, for the days that the address names."""
    choice = Choice.of(request.company, request.GET, today=timezone.localdate())
    return render(request, "usage/index.html", pages.page(request.company, choice))


@require_safe
@requires(Permission.VIEW_COMPANY)
@private
def part(request: MemberRequest, name: str) -> HttpResponse:
    """A part that takes longer: for htmx alone, otherwise as a page of its own."""
    if name not in parts.READERS:
        raise Http404
    choice = Choice.of(request.company, request.GET, today=timezone.localdate())
    context = parts.READERS[name](request, choice)
    about = pages.part(name, choice)
    template = about["template"] if request.htmx else "usage/part.html"
    return render(request, template, {**pages.frame(choice), **context, "part": about})


@require_safe
@requires(Permission.VIEW_COMPANY)
def file(request: MemberRequest, kind: str) -> HttpResponseBase:
    """The same figures as a file; that somebody took them is an event."""
    if kind not in files.KINDS:
        raise Http404
    choice = Choice.of(request.company, request.GET, today=timezone.localdate())
    return files.answer(kind, request, choice)
