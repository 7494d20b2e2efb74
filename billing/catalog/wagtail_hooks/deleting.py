"""What somebody uses is not deleted, one by one or many at once."""

from collections.abc import Iterable

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin import messages

from billing.catalog.models import Metric, Plan, PlanFamily, Product
from billing.catalog.services import plans
from billing.catalog.services.plans import InUse

MODELS = (Product, Metric, PlanFamily, Plan)


@hooks.register("before_delete_snippet")
def refuse_what_is_used(request: HttpRequest, records: Iterable[Model]) -> HttpResponse | None:
    """Say what hangs on the record, and go back to the list."""
    for record in records:
        if isinstance(record, MODELS):
            try:
                plans.demand_unused(record)
            except InUse as error:
                messages.error(request, error.message)
                return redirect(f"wagtailsnippets_catalog_{record._meta.model_name}:list")
    return None
