"""What goes on in products becomes activity of the companies that use them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from billing.catalog.models import Product
from billing.catalog.receipts import Receipt, Rejected
from billing.launch.models import ProductReport
from billing.launch.reported import LATE_DAYS, MEMBER_REPORTED, REPORTED
from billing.launch.services import naming
from portal.accounts.models import Company, User
from portal.activity import services as activity

LATE = timedelta(days=LATE_DAYS)


@dataclass(frozen=True, slots=True)
class Report:
    """What happened at a company; `member` is the `sub` of who did it, or empty."""

    id: str
    company: str
    text: str
    occurred_at: datetime
    member: str = ""


class Refused(Exception):
    """A report is not taken; `code` is a word for programs, `detail` a sentence."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Told:
    """A report whose company and member were found."""

    report: Report
    company: Company
    actor: User | None


@transaction.atomic
def record(*, product: Product, reports: Mapping[int, Report], at: datetime) -> Receipt:
    """Write an event for each report that is right and new, and say what is wrong with the others.

    `reports` are by their place in what was sent. Of two with the same id the first stands, whatever the other says.
    """
    receipt = Receipt()
    told = _found(product, reports, at, receipt)
    # One list of a product at a time, so that two that are sent at once do not both hold a report for new.
    Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    new: dict[str, Told] = {}
    for one in told:
        new.setdefault(one.report.id, one)
    known = ProductReport.objects.filter(product=product, report_id__in=new).values_list("report_id", flat=True)
    for report_id in list(known):
        del new[report_id]
    rows = [
        ProductReport(product=product, report_id=key, company=one.company, received_at=at) for key, one in new.items()
    ]
    ProductReport.objects.bulk_create(rows)
    ordered = sorted(new.values(), key=lambda one: one.report.occurred_at)
    activity.record_many([_event(product, one) for one in ordered])
    receipt.accepted, receipt.duplicates = len(new), len(told) - len(new)
    return receipt


def _found(product: Product, reports: Mapping[int, Report], at: datetime, receipt: Receipt) -> list[Told]:
    """Those that can be taken, in the order in which they were sent."""
    companies = naming.companies(product=product, names={report.company for report in reports.values()})
    named = [report for report in reports.values() if report.member and report.company in companies]
    members = naming.members((companies[report.company], report.member) for report in named)
    told = []
    for index, report in reports.items():
        try:
            told.append(_told(report, companies, members, at))
        except Refused as refused:
            receipt.rejected.append(Rejected(index, report.id, refused.code, refused.detail))
    return told


def _told(
    report: Report, companies: Mapping[str, Company], members: Mapping[tuple[int, str], User], at: datetime
) -> Told:
    if report.occurred_at < at - LATE:
        raise Refused("too_old", _("Activity is taken for {days} days.").format(days=LATE.days))
    if report.occurred_at > at + naming.AHEAD:
        raise Refused("in_future", _("This has not happened yet; look at the clock."))
    company = companies.get(report.company)
    if company is None:
        raise Refused("unknown_company", _("No company of this name has the product."))
    actor = members.get((company.pk, report.member))
    if report.member and actor is None:
        raise Refused("unknown_member", _("This company has no such member."))
    return Told(report, company, actor)


def _event(product: Product, one: Told) -> activity.NewEvent:
    return activity.event(
        verb=MEMBER_REPORTED if one.actor else REPORTED,
        actor=one.actor,
        company=one.company,
        subject=product,
        label=product.name,
        data={"text": one.report.text, "product": product.slug},
        at=one.report.occurred_at,
    )
