"""What the vendor sells, in which plans and at which prices."""

from billing.catalog.models.plan_companies import PlanCompany
from billing.catalog.models.plans import Plan, PlanFamily, PlanFeature, PlanLimit
from billing.catalog.models.prices import MeteredComponent, PlanPrice
from billing.catalog.models.products import Metric, Product, ProductSetting, ProductShortcut

__all__ = [
    "MeteredComponent",
    "Metric",
    "Plan",
    "PlanCompany",
    "PlanFamily",
    "PlanFeature",
    "PlanLimit",
    "PlanPrice",
    "Product",
    "ProductSetting",
    "ProductShortcut",
]
