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
    "This agreement {contract_number} is made between <b>{company_name}</b>, {company_address} (the company), and "
    "<b>{vendor_name}</b>, {vendor_address} (the vendor).",
)
CHARGES = [
    heading("What is paid"),
    text("The company pays {total} in all, without tax, as the last page says."),
]
GENERAL: list[Block] = [
    heading("General terms"),
    clauses(
        "<b>Confidence.</b> Each side keeps to itself what it learns of the other, during this agreement and for three "
        "years after it, and gives it only to those who need it for the work.",
        "<b>Personal data.</b> The vendor handles personal data of the company only as the company says, and deletes "
        "it when the work is done.",
        "<b>Liability.</b> Each side is liable up to what is paid under this agreement. This does not hold for intent "
        "and gross negligence.",
        "<b>Ending early.</b> Either side may end this agreement when the other breaks it and does not set that right "
        "within 30 days of being told in writing. What was delivered until then is paid.",
        "<b>Changes.</b> What is agreed here is changed by an amendment alone that both sides have signed.",
        "<b>Law.</b> The law of {governing_law} applies. Before either side goes to a court, both try for 30 days to "
        "agree.",
    ),
    text("It is signed for the company by {company_signers}, and for the vendor by {vendor_signers}."),
]
BREAK: Block = {"type": "page_break", "value": None}
LAW = field("governing_law", "Governing law", "Kenya")

TEMPLATES: dict[str, dict[str, Any]] = {
    "Engagement of developers": {
        "type": "engagement",
        "fields": [LAW, field("work", "What they work on", "the farm shop")],
        "body": [
            heading("Parties"),
            PARTIES,
            heading("Engagement"),
            clauses(
                "<b>Work.</b> From {starts_on} until {ends_on} the vendor trains and provides developers who work on "
                "{work}.<ol><li>They work under the direction of the company, at the hours that both agree on.</li>"
                "<li>The vendor replaces a developer who cannot go on, within ten working days.</li></ol>",
                "<b>What they make.</b> It belongs to the company once it is paid.<ol><li>What a developer or the "
                "vendor had before stays theirs; the company may use it as part of what was made.</li>"
                "<li>Software of others is used only under licences that the company knows of.</li></ol>",
                "<b>Training.</b> The vendor pays the trainers and the training environment. A training that a "
                "developer does not finish is repeated once without charge.",
            ),
            *CHARGES,
            BREAK,
            *GENERAL,
        ],
    },
    "Onboarding": {
        "type": "onboarding",
        "fields": [LAW],
        "body": [
            heading("Parties"),
            PARTIES,
            heading("Onboarding"),
            clauses(
                "<b>Work.</b> The vendor sets the products up and carries the company's records over, beginning on "
                "{starts_on}.<ol><li>Records are checked with the company before they are used.</li>"
                "<li>The vendor trains the people whom the company names.</li></ol>",
                "<b>Help of the company.</b> The company names one person who decides within three working days.",
                "<b>End.</b> The onboarding ends with the acceptance of the company, which is given when what was "
                "agreed works, or counts as given two weeks after the company was asked.",
            ),
            BREAK,
            *GENERAL,
        ],
    },
    "Maintenance": {
        "type": "maintenance",
        "renewal_months": 12,
        "fields": [LAW, field("hours", "Hours a month", "10")],
        "body": [
            heading("Parties"),
            PARTIES,
            heading("Maintenance"),
            clauses(
                "<b>Work.</b> The vendor keeps the project {project} up to date, with {hours} hours a month, from "
                "{starts_on} to {ends_on}.<ol><li>Faults that stop the work are taken up within four working "
                "hours.</li><li>Hours that are left at the end of a month are good for the next one.</li></ol>",
                "<b>Renewal.</b> It is renewed by {renewal_months} months each time, unless one side says otherwise "
                "before; the company is told {notice_days} days ahead.",
            ),
            *CHARGES,
            BREAK,
            *GENERAL,
        ],
    },
}
