"""Who uses what in the demo world: its companies, and others of the same size, whose medians they are compared with."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from billing.catalog.models import Product
from billing.subscriptions.models import ProductAccess
from billing.usage import demo as usage
from billing.usage.demo import Story
from portal.accounts.models import Company, User

YEAR, QUARTER = 400, 120
# Company, product, the names before the @ of those who use it, and how much of what is usual.
USED = (
    ("savanna-foods", "erp", ("owner", "admin", "billing", "viewer"), 1.0),
    ("savanna-foods", "payroll", ("admin", "billing", "owner"), 1.0),
    ("ridgeline-sacco", "sacco", ("owner",), 1.0),
    ("northwind-labs", "erp", ("owner",), 0.6),
)
# Twelve of each size: medians are shown of ten companies or more.
SIZES = {"51-200": ("erp", "payroll"), "11-50": ("erp", "sacco")}
NAMES = ("Acacia", "Baobab", "Cedar", "Dhow", "Ebony", "Flame Tree", "Guava", "Hibiscus", "Ivory", "Jacaranda", "Kapok",
         "Lantana")  # fmt: skip
KINDS = {"51-200": "Traders", "11-50": "Society"}


def create(people: Mapping[str, User], companies: Mapping[str, Company], *, now: datetime) -> None:
    """Make what is missing; `people` by address, `companies` by slug."""
    products = {product.slug: product for product in Product.objects.prefetch_related("metrics")}
    stories = []
    for slug, product, names, scale in USED:
        users = [people[f"{name}@{slug.partition('-')[0]}.example"] for name in names]
        stories.append(Story(companies[slug], products[product], YEAR, users, scale))
    for number, company in enumerate(others(products)):
        scale = 0.55 + number % len(NAMES) * 0.09
        stories += [Story(company, products[slug], QUARTER, scale=scale) for slug in SIZES[company.size]]
    usage.create(stories, now=now)


@transaction.atomic
def others(products: Mapping[str, Product]) -> list[Company]:
    """Companies that nobody signs in for."""
    wanted = {
        f"demo-{name} {KINDS[size]}".lower().replace(" ", "-"): (f"{name} {KINDS[size]}", size)
        for size in SIZES
        for name in NAMES
    }
    known = set(Company.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    new = [Company(name=name, slug=slug, size=size) for slug, (name, size) in wanted.items() if slug not in known]
    accesses = [
        ProductAccess(company=company, product=products[slug])
        for company in Company.objects.bulk_create(new)
        for slug in SIZES[company.size]
    ]
    ProductAccess.objects.bulk_create(accesses)
    return list(Company.objects.filter(slug__in=wanted).order_by("pk"))
