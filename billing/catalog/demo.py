"""Products, plans and prices of the demo world, from demo_plans.json: what exists stays as it is."""

import json
from pathlib import Path
from typing import Any

from django.utils import timezone
from djmoney.money import Money

from billing.catalog.models import (
    Metric,
    Plan,
    PlanFamily,
    PlanFeature,
    PlanLimit,
    Product,
    ProductSetting,
    ProductShortcut,
)
from billing.catalog.services import prices

DATA = Path(__file__).with_name("demo_plans.json")


def create() -> dict[str, Product]:
    """Make what is missing. Returns the products by slug."""
    data: dict[str, Any] = json.loads(DATA.read_text("utf-8"))
    products = {row["slug"]: product(row, number) for number, row in enumerate(data["products"])}
    metrics = {row["slug"]: made(Metric, row, number) for number, row in enumerate(data["metrics"])}
    for row in data["products"]:
        reporting(products[row["slug"]], [metrics[slug] for slug in row["metrics"]])
    for number, row in enumerate(data["families"]):
        family = made(PlanFamily, {key: value for key, value in row.items() if key != "plans"}, number)
        for level, values in enumerate(row["plans"], 1):
            if not Plan.objects.filter(slug=values["slug"]).exists():
                plan(family, level * 10, values, products, metrics)
    return products


def made(model: Any, values: dict[str, Any], position: int) -> Any:
    """One record by its slug."""
    return model.objects.get_or_create(slug=values["slug"], defaults={**values, "position": position})[0]


def product(values: dict[str, Any], position: int) -> Product:
    """One product with what its page leads to and what can be set for it; kept as staff have it, once it has any."""
    fields = {name: value for name, value in values.items() if name not in ("shortcuts", "settings", "metrics")}
    found: Product = made(Product, fields, position)
    for name, row_type in {"shortcuts": ProductShortcut, "settings": ProductSetting}.items():
        rows: Any = row_type._default_manager
        if not rows.filter(product=found).exists():
            of_it = [row_type(product=found, sort_order=place, **row) for place, row in enumerate(values.get(name, []))]
            rows.bulk_create(of_it)
    return found


def reporting(product: Product, metrics: list[Metric]) -> None:
    """Let a product report metrics, unless it reports any."""
    if not product.metrics.exists():
        product.metrics.set(metrics)
        product.save()


def plan(
    family: PlanFamily, level: int, values: dict[str, Any], products: dict[str, Product], metrics: dict[str, Metric]
) -> None:
    """Make one plan with what it holds and costs."""
    fields = {
        name: values[name]
        for name in ("seats_min", "seats_max", "is_recommended", "needs_verification")
        if name in values
    }
    made = Plan(family=family, level=level, slug=values["slug"], name=values["name"], **fields)
    made.description, made.trial_days = values["description"], 14
    features = [
        PlanFeature(group=group, label=line.partition(": ")[0], value=line.partition(": ")[2], sort_order=number)
        for number, (group, line) in enumerate((group, line) for group, lines in values["features"] for line in lines)
    ]
    made.features.set(features)
    made.limits.set([PlanLimit(metric=metrics[slug], quantity=most) for slug, most in values["limits"].items()])
    made.save()
    made.products.set([products[slug] for slug in values["products"]])
    made.save()
    at = timezone.now()
    for currency, (month, year) in values["prices"].items():
        for interval, amount in (("month", Money(month, currency)), ("year", Money(year, currency))):
            per_seat = values.get("is_per_seat", False)
            prices.offer(plan=made, interval=interval, amount=amount, is_per_seat=per_seat, by=None, at=at)
    for slug, (included, amounts) in values.get("metered", {}).items():
        for currency, amount in amounts.items():
            unit_price = Money(amount, currency)
            prices.meter(
                plan=made, metric=metrics[slug], included_quantity=included, unit_price=unit_price, by=None, at=at
            )
