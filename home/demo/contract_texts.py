"""Templates of contracts in the demo world: short, ours, and no legal advice."""

from typing import Any

Block = dict[str, Any]


def heading(text: str) -> Block:
    """A section."""
    return {"type": "heading", "value": {"text": text, "level": "2"}}


def text(*lines: str) -> Block:
    """Paragraphs."""
    return {"type": "text", "value": "".join(f"<p>{line}</p>" for line in lines)}


def clauses(*lines: str) -> Block:
    """Numbered clauses."""
    return {"type": "text", "value": f"<ol>{''.join(f'<li>{line}</li>' for line in lines)}</ol>"}


def field(name: str, label: str, sample: str) -> Block:
    """A merge field of its own."""
    return {"type": "field", "value": {"name": name, "label": label, "sample": sample}}


PARTIES = text(
    "This agreement {contract_number} is between {company_name}, {company_address} (the company), and {vendor_name}, "
    "{vendor_address} (the vendor)."
)
SIGNING: list[Block] = [
    {"type": "page_break", "value": None},
    heading("Signatures"),
    text(
        "For the company: {company_signers}.", "For the vendor: {vendor_signers}.", "Under the law of {governing_law}."
    ),
]
LAW = field("governing_law", "Governing law", "Kenya")

TEMPLATES: dict[str, dict[str, Any]] = {
    "Engagement of developers": {
        "type": "engagement",
        "fields": [LAW, field("work", "What they work on", "the farm shop")],
        "body": [
            heading("Engagement"),
            PARTIES,
            clauses(
                "From {starts_on} until {ends_on} the vendor trains and provides developers who work on {work}."
                "<ol><li>They work under the direction of the company.</li>"
                "<li>What they make belongs to the company once it is paid.</li></ol>",
                "The company pays {total} in all, without tax, as the schedule of charges says.",
                "Each side keeps to itself what it learns of the other.",
            ),
            *SIGNING,
        ],
    },
    "Onboarding": {
        "type": "onboarding",
        "fields": [LAW],
        "body": [
            heading("Onboarding"),
            PARTIES,
            clauses(
                "The vendor sets the products up and carries the company's records over, beginning on {starts_on}.",
                "The company names one person who decides within three working days.",
                "The onboarding ends with the acceptance of the company.",
            ),
            *SIGNING,
        ],
    },
    "Maintenance": {
        "type": "maintenance",
        "renewal_months": 12,
        "fields": [LAW, field("hours", "Hours a month", "10")],
        "body": [
            heading("Maintenance"),
            PARTIES,
            clauses(
                "The vendor keeps the project {project} up to date, with {hours} hours a month, from {starts_on} to "
                "{ends_on}.",
                "It is renewed by {renewal_months} months each time, unless one side says otherwise before; the "
                "company is told {notice_days} days ahead.",
            ),
            *SIGNING,
        ],
    },
}
