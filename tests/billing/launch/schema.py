"""A product with something to set of each kind."""

from billing.catalog.models import Product, ProductSetting

ROWS = (
    {"key": "pay-day", "label": "Pay day", "kind": "number", "default": "25"},
    {"key": "rounding", "label": "Rounding", "kind": "choice", "choices": "Cent\nShilling", "default": "Cent"},
    {"key": "payslips", "label": "E-mail payslips", "kind": "switch", "default": "on"},
    {"key": "sender", "label": "Sender", "kind": "text", "default": ""},
)


def with_schema(product: Product) -> Product:
    """The product, once it can be set up."""
    for number, row in enumerate(ROWS):
        ProductSetting.objects.create(product=product, sort_order=number, **row)
    return product
