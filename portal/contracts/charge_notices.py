"""What people are told of what contracts charge, in the words that editors may change."""

from portal.contracts.notices import NAMED, told

KINDS = {
    "contract_billing_enabled": told(
        "A contract is billed",
        "“{title}” is billed from {day} on",
        "The contract {number} between {company} and us charges {amount} in all, without tax, on {days}, the first "
        "of them on {day}. You get an invoice each time. On the page of the contract you see what is charged when.",
        {**NAMED, "amount": "USD 5,000.00", "days": "3 days", "day": "1 January 2026"},
        icon="receipt",
    )
}
