"""What people are told of products, in the words that editors may change."""

from portal.notifications.registry import Kind

GROUP = "Health of products"
KINDS = {
    "product_down": Kind(
        "A product does not work",
        GROUP,
        "{product} does not work",
        "The health address of {product} did not answer as it should, twice in a row: {cause}. Customers see an "
        "incident; write them a note of what is wrong and when it will work again.",
        {"product": "Payroll", "cause": "It answers 500"},
        action="Write a note",
        icon="triangle-alert",
        urgent=True,
        listed=False,
    ),
    "product_up": Kind(
        "A product works again",
        GROUP,
        "{product} works again",
        "{product} works again. It did not for {lasted}.",
        {"product": "Payroll", "lasted": "12 minutes"},
        action="See the incident",
        icon="circle-check",
        urgent=True,
        listed=False,
    ),
}
