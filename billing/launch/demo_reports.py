"""What the products of the demo world have told of its companies, and how well they worked: what exists stays."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from billing.catalog.models import Product
from billing.launch.models import HealthDay, Incident, ProductFigure, ProductSync
from billing.launch.services import activity_reports, state_reports
from billing.launch.services.activity_reports import Report
from billing.launch.services.state_reports import Figure
from portal.accounts.models import Company

# Company, product, quick statistics: key, label, value.
FIGURES = (
    ("savanna-foods", "erp", (("customers", "Customers", 338), ("transactions", "Transactions", 10_920))),
    ("savanna-foods", "payroll", (("employees", "Employees", 135), ("runs", "Payroll runs", 11))),
    ("ridgeline-sacco", "sacco", (("members", "Members", 2245), ("loans", "Loans", 403))),
    ("northwind-labs", "erp", (("customers", "Customers", 203), ("transactions", "Transactions", 6552))),
)
# Company, product, how many hours ago, what happened.
ACTIVITY = (
    ("savanna-foods", "payroll", 3, "5 employees added"),
    ("savanna-foods", "erp", 7, "Backup complete"),
    ("savanna-foods", "erp", 20, "12 sales posted"),
    ("savanna-foods", "payroll", 52, "Payroll run finished"),
    ("savanna-foods", "erp", 75, "3 customers added"),
    ("savanna-foods", "payroll", 170, "Backup complete"),
    ("ridgeline-sacco", "sacco", 5, "4 members added"),
    ("ridgeline-sacco", "sacco", 28, "1 loan granted"),
    ("ridgeline-sacco", "sacco", 54, "Backup complete"),
    ("northwind-labs", "erp", 6, "Backup complete"),
    ("northwind-labs", "erp", 30, "8 sales posted"),
)
DAYS, CHECKS_A_DAY = 89, 1440
# So many days ago Payroll did not work for so many minutes.
INCIDENT_DAYS, INCIDENT_MINUTES = 23, 18


def create(companies: Mapping[str, Company], *, now: datetime) -> None:
    """Make what is missing; `companies` by slug."""
    products = {product.slug: product for product in Product.objects.all()}
    for company, slug, figures in FIGURES:
        stand(companies[company], products[slug], [Figure(*figure) for figure in figures], now)
    for slug, product in products.items():
        told = {
            number: Report(f"demo-{number}", company, text, now - timedelta(hours=hours))
            for number, (company, of, hours, text) in enumerate(ACTIVITY)
            if of == slug
        }
        activity_reports.record(product=product, reports=told, at=now)
        worked(product, now, minutes_down=INCIDENT_MINUTES if slug == "payroll" else 0)


def stand(company: Company, product: Product, figures: list[Figure], now: datetime) -> None:
    """Quick statistics and synchronisation, where nothing was told yet."""
    rows = ProductFigure.objects.filter(company=company, product=product)
    if not rows.exists():
        before = now - timedelta(hours=7)
        state_reports.set_figures(product=product, company=company, figures=figures, reported_at=before, at=now)
        state_reports.set_sync(
            product=product,
            company=company,
            state=ProductSync.State.OK,
            synced_at=before,
            detail="Backup complete",
            at=now,
        )


def worked(product: Product, now: datetime, *, minutes_down: int) -> None:
    """How often it answered on each of the last days, where nobody has asked yet."""
    if HealthDay.objects.of(product).exists():
        return
    today = timezone.localdate(now)
    HealthDay.objects.bulk_create(
        HealthDay(
            product=product,
            checked_on=today - timedelta(days=ago),
            checks=CHECKS_A_DAY,
            failures=minutes_down if ago == INCIDENT_DAYS else 0,
            degraded=0,
            latency_ms=CHECKS_A_DAY * (90 + ago % 7 * 4),
        )
        for ago in range(1, DAYS + 1)
    )
    if minutes_down:
        began = now - timedelta(days=INCIDENT_DAYS, hours=2)
        Incident.objects.create(
            product=product,
            started_at=began,
            ended_at=began + timedelta(minutes=minutes_down),
            cause="503",
            note="A disk was full. Nothing was lost, and we watch the space more closely now.",
        )
