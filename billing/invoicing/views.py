"""A company's invoices, and its statement of account."""

from collections.abc import Iterable

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.invoicing import filters, pages, statement_page
from billing.invoicing.models import CreditNote, Invoice
from billing.invoicing.services.papers import archive
from portal.accounts.permissions import requires
from portal.accounts.roles import Permission
from portal.core.http import MemberRequest
from portal.core.paging import LongPaginator

PER_PAGE = 25


@require_safe
@requires(Permission.VIEW_BILLING)
def invoices(request: MemberRequest) -> HttpResponseBase:
    """The company's invoices, newest first, as a page or as CSV."""
    today, choice = timezone.localdate(), filters.chosen(request.GET)
    found = filters.narrowed(Invoice.objects.for_company(request.company), choice, today=today).with_due().newest()
    if request.GET.get("format") == "csv":
        return sheet(pages.csv_lines(found.iterator(chunk_size=500), today=today), "invoices.csv")
    page = LongPaginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = pages.invoice_list(request.membership, choice, page, today=today)
    return render(request, "invoicing/invoices.html", context)


@require_safe
@requires(Permission.VIEW_BILLING)
def statement(request: MemberRequest) -> HttpResponseBase:
    """What the company owed, movement by movement, as a page or as CSV."""
    found, days = statement_page.chosen(request.company, request.GET, today=timezone.localdate())
    if request.GET.get("format") == "csv":
        return sheet(statement_page.csv_lines(found), "statement.csv")
    return render(request, "invoicing/statement.html", statement_page.page(found, days))


def sheet(lines: Iterable[str], name: str) -> StreamingHttpResponse:
    """A CSV file, sent while it is read."""
    head = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=head)


@require_safe
@requires(Permission.VIEW_BILLING)
def invoice(request: MemberRequest, number: str) -> HttpResponse:
    """One invoice."""
    found = get_object_or_404(Invoice.objects.for_company(request.company).with_due(), number=number)
    return render(
        request, "invoicing/invoice.html", pages.invoice_page(request.membership, found, today=timezone.localdate())
    )


@require_safe
@requires(Permission.VIEW_BILLING)
def invoice_pdf(request: MemberRequest, number: str) -> FileResponse:
    """Its PDF."""
    found = get_object_or_404(Invoice.objects.for_company(request.company), number=number)
    return archive.hand_out(paper=found, by=request.user)


@require_safe
@requires(Permission.VIEW_BILLING)
def credit_note_pdf(request: MemberRequest, number: str) -> FileResponse:
    """The PDF of a credit note."""
    found = get_object_or_404(CreditNote.objects.for_company(request.company), number=number)
    return archive.hand_out(paper=found, by=request.user)
