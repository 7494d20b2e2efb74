"""What companies set for products: read with the defaults of the schema, changed by one member at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.catalog.models import Product, ProductSetting
from billing.catalog.models.products import Value
from billing.launch.models import ProductSettings
from portal.accounts.models import Company, User
from portal.activity import services as activity
from portal.core.errors import Conflict


class ChangedMeanwhile(Conflict):
    """Somebody else saved after this member had read; `saved` is what they left."""

    code = "settings_changed"

    def __init__(self, message: str, saved: ProductSettings) -> None:
        super().__init__(message)
        self.saved = saved


def of_company(company: Company, product: Product) -> ProductSettings:
    """What the company set; of one that set nothing a row that is not saved, of version 0."""
    found = ProductSettings.objects.filter(company=company, product=product).select_related("updated_by").first()
    return found or ProductSettings(company=company, product=product, version=0)


def effective(schema: Sequence[ProductSetting], mine: ProductSettings) -> dict[str, Value]:
    """What holds for the company, by key: what it set as far as it fits the schema, else the default."""
    return {row.key: mine.values[row.key] if fits(row, mine.values) else row.default_value for row in schema}


def fits(row: ProductSetting, values: Mapping[str, Any]) -> bool:
    """Whether the company set this, and it is still of the kind that the schema asks for."""
    if row.key not in values:
        return False
    value = values[row.key]
    if row.kind == ProductSetting.Kind.SWITCH:
        return isinstance(value, bool)
    if row.kind == ProductSetting.Kind.NUMBER:
        return value is None or (isinstance(value, int) and not isinstance(value, bool))
    return isinstance(value, str) and (row.kind != ProductSetting.Kind.CHOICE or value in row.options)


@transaction.atomic
def save(
    *, company: Company, product: Product, values: Mapping[str, Value], seen: int, by: User, at: datetime
) -> ProductSettings:
    """Set what the schema of the product asks for; `seen` is the version that the member had read.

    What a setting that was taken from the schema once was stays where it is. Saving what is saved already changes
    nothing. Raises ChangedMeanwhile when another member saved something else in between.
    """
    # The company's row is what two first saves wait for.
    Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    mine = of_company(company, product)
    schema = list(product.settings.all())
    before = effective(schema, mine)
    changes = [(row, before[row.key], values[row.key]) for row in schema if values[row.key] != before[row.key]]
    if not changes:
        return mine
    if seen != mine.version:
        raise ChangedMeanwhile(_("Somebody else changed these settings while you did."), mine)
    mine.values = {**mine.values, **{row.key: after for row, _was, after in changes}}
    mine.version, mine.updated_at, mine.updated_by = mine.version + 1, at, by
    mine.save()
    activity.record_many(
        [
            activity.event(
                verb="product.set_up",
                actor=by,
                company=company,
                subject=product,
                data={"setting": row.label, "before": words(was), "after": words(after), "version": mine.version},
                at=at,
            )
            for row, was, after in changes
        ]
    )
    return mine


def words(value: Value) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return _("nothing") if value in (None, "") else str(value)
