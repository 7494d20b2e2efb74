"""What people are told of contracts, in the words that editors may change."""

from collections.abc import Mapping

from portal.contracts import attachments
from portal.notifications.registry import Kind

GROUP = "Contracts"
SEE, SIGN = "See the contract", "Read and sign"
NAMED = {"title": "Engagement of two developers", "number": "CT-2026-000001", "company": "Northwind Labs"}
DATED = {**NAMED, "date": "31 January 2026"}
RENEWED = {**DATED, "term": "12 months", "charges": "USD 450.00 each month, USD 5,400.00 in all, without tax"}
REASON = {"reason": "The start has moved to next quarter."}
PERSON = {"person": "Grace Njeri"}
DEADLINE = {"deadline": "It can be signed until 31 January 2026."}


def told(
    label: str,
    subject: str,
    body: str,
    fields: Mapping[str, str],
    *,
    icon: str,
    urgent: bool = False,
    action: str = SEE,
) -> Kind:
    """A kind of this group."""
    return Kind(label, GROUP, subject, body, fields, icon=icon, urgent=urgent, action=action)


SIGNING: dict[str, Kind] = {
    "contract_to_sign": told(
        "A contract waits for your signature",
        "Please sign: {title}",
        "The contract {number} between {company} and us waits for your signature. Read it, then sign it in the portal "
        "with your name and your password or second factor.\n\n{deadline}",
        {**NAMED, **DEADLINE},
        icon="signature",
        urgent=True,
        action=SIGN,
    ),
    "contract_reminder": told(
        "A contract still waits for your signature",
        "Still to sign: {title}",
        "The contract {number} between {company} and us still waits for your signature.\n\n{deadline}",
        {**NAMED, **DEADLINE},
        icon="clock",
        urgent=True,
        action=SIGN,
    ),
    "contract_delegated": told(
        "Somebody passed a signature on to you",
        "{person} asks you to sign “{title}”",
        "{person} asks you to sign the contract {number} between {company} and us in their place. Read it, then "
        "sign it in the portal with your name and your password or second factor.\n\n{note}\n\n{deadline}",
        {**NAMED, **PERSON, **DEADLINE, "note": "I am on leave until Monday."},
        icon="signature",
        urgent=True,
        action=SIGN,
    ),
    "contract_delegation": told(
        "A signature was passed on",
        "{person} passed the signature of “{title}” on to {delegate}",
        "{delegate} is now asked to sign the contract {number} between {company} and us instead of {person}.\n\n{note}",
        {**NAMED, **PERSON, "delegate": "Daniel Otieno", "note": "I am on leave until Monday."},
        icon="users",
    ),
    "contract_partly_signed": told(
        "One of several has signed",
        "{person} signed “{title}”",
        "{person} signed the contract {number} between {company} and us. Others have yet to sign it.",
        {**NAMED, **PERSON},
        icon="signature",
    ),
    "contract_declined": told(
        "Somebody declined to sign a contract",
        "{person} declined to sign “{title}”",
        "{person} declined to sign the contract {number} between {company} and us. The reason given was:\n\n{reason}",
        {**NAMED, **PERSON, **REASON},
        icon="circle-x",
        urgent=True,
    ),
    "contract_taken_back": told(
        "A contract was taken back",
        "We took “{title}” back to change it",
        "The contract {number} between {company} and us is being changed. It need not be signed as it is: "
        "what was signed of it counts no more, and you will be asked again.",
        NAMED,
        icon="refresh-cw",
    ),
    "contract_cancelled": told(
        "A contract was cancelled",
        "The contract “{title}” was cancelled",
        "The contract {number} between {company} and us was withdrawn before everybody had signed. The reason given "
        "was:\n\n{reason}",
        {**NAMED, **REASON},
        icon="ban",
    ),
    "contract_offer_expired": told(
        "A contract was not signed in time",
        "“{title}” was not signed in time",
        "The contract {number} between {company} and us could be signed until {date}, and not everybody did. "
        "Write to us if you want it to be offered again.",
        DATED,
        icon="clock",
    ),
}
LIFE: dict[str, Kind] = {
    "contract_began": told(
        "A contract is in force",
        "“{title}” is in force",
        "Today is the first day of the contract {number} between {company} and us.",
        NAMED,
        icon="circle-check",
    ),
    "contract_ending": told(
        "A contract ends soon",
        "“{title}” ends on {date}",
        "The last day of the contract {number} between {company} and us is {date}. It is not renewed by itself.",
        DATED,
        icon="clock",
    ),
    "contract_renewal": told(
        "A contract is renewed soon",
        "“{title}” will be renewed on {date}",
        "Unless you decide against it before, the contract {number} between {company} and us is renewed on {date} by "
        "{term}. The renewal charges {charges}.\n\nOn the page of the contract you can say “Do not renew”.",
        RENEWED,
        icon="refresh-cw",
        urgent=True,
    ),
    "contract_renewed": told(
        "A contract was renewed",
        "“{title}” was renewed",
        "The contract {number} between {company} and us was renewed by {term}: its last day is {date} now. The renewal "
        "charges {charges}.",
        RENEWED,
        icon="refresh-cw",
    ),
    "contract_renewal_off": told(
        "A contract will not be renewed",
        "“{title}” will not be renewed",
        "{person} decided that the contract {number} between {company} and us is not renewed: its last day is {date}.",
        {**DATED, **PERSON},
        icon="ban",
        urgent=True,
    ),
    "contract_expired": told(
        "A contract has ended",
        "“{title}” has ended",
        "The last day of the contract {number} between {company} and us was {date}.",
        DATED,
        icon="clock",
    ),
    "contract_terminated": told(
        "A contract was terminated",
        "The contract “{title}” was terminated",
        "The contract {number} between {company} and us was ended before its time. The reason given was:\n\n{reason}",
        {**NAMED, **REASON},
        icon="ban",
        urgent=True,
    ),
}
SEALED: dict[str, Kind] = {
    "contract_signed": Kind(
        "Everybody has signed a contract",
        GROUP,
        "Signed by everybody: {title}",
        "Everybody has signed the contract {number} between {company} and us. Your copy is attached: a sealed PDF with "
        "the text, the signatures and a certificate of how it was signed. It also stays in the portal.",
        NAMED,
        action=SEE,
        icon="shield-check",
        urgent=True,
        attach=attachments.sealed_copy,
    ),
    "contract_not_sealed": Kind(
        "A signed contract is not sealed yet",
        GROUP,
        "Contract {number} could not be sealed or stamped",
        "Everybody has signed the contract {number}, but its PDF could not be sealed or time stamped. The portal goes "
        "on trying until it gives up. What went wrong:\n\n{reason}",
        {"number": "CT-2026-000001", "reason": "NoSeal: SEAL_CERTIFICATE and SEAL_KEY are not set."},
        icon="triangle-alert",
        urgent=True,
        listed=False,
    ),
    "contract_copy_damaged": Kind(
        "A sealed contract was changed in the storage",
        GROUP,
        "The PDF of contract {number} is damaged",
        "The file {file} is not what was sealed, so nobody gets it. Put it back from a backup: its SHA-256 stands in "
        "the evidence of the contract.",
        {"number": "CT-2026-000001", "file": "contracts/0f3c.pdf"},
        icon="octagon-alert",
        urgent=True,
        listed=False,
    ),
}
KINDS = SIGNING | LIFE | SEALED
