"""How contracts, those who sign them and what happened look on pages."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.activity.feeds import ago
from portal.contracts.models import Contract, EvidenceEvent, Signature, Signer
from portal.contracts.models.signers import Side

Row = dict[str, Any]
DAY = "j F Y"
Kind = EvidenceEvent.Kind
COLUMNS = [{"label": "Contract"}, {"label": "State"}, {"label": "Type"}, {"label": "From"}, {"label": "Until"}]
# Icon and tone of what happened.
LOOKS: dict[str, tuple[str, str]] = {
    Kind.SENT: ("mail", "info"),
    Kind.INVITED: ("bell", ""),
    Kind.OPENED: ("eye", ""),
    Kind.VIEWED: ("eye", ""),
    Kind.CONSENTED: ("check", ""),
    Kind.SIGNED: ("signature", "success"),
    Kind.COUNTERSIGNED: ("signature", "success"),
    Kind.DECLINED: ("circle-x", "danger"),
    Kind.DELEGATED: ("users", "info"),
    Kind.REMINDED: ("clock", ""),
    Kind.TAKEN_BACK: ("refresh-cw", "warning"),
    Kind.CANCELLED: ("ban", "warning"),
    Kind.EXPIRED: ("clock", "warning"),
    Kind.COMPLETED: ("circle-check", "success"),
    Kind.SEALED: ("shield-check", "success"),
    Kind.STAMPED: ("shield-check", "success"),
    Kind.RENEWED: ("refresh-cw", "info"),
    Kind.TERMINATED: ("ban", "danger"),
}


def names(signers: Iterable[Signer]) -> str:
    """Who they are, in a sentence's words."""
    return get_text_list([str(signer) for signer in signers], _("and"))


def row(contract: Contract) -> Row:
    """A row of components/table.html."""
    return {
        "url": reverse("contract", args=[contract.public_id]),
        "cells": [
            {"value": contract.title, "sub": contract.number},
            {"value": state(contract), "badge": contract.status},
            {"value": contract.get_type_display()},
            {"value": date_format(contract.starts_on, "j M Y")},
            {"value": until(contract, "j M Y")},
        ],
    }


def state(contract: Contract) -> str:
    """Its state, as its company reads it: what was sent once is no draft to it."""
    return _("Being changed") if contract.status == Contract.Status.DRAFT else contract.get_status_display()


def until(contract: Contract, form: str = DAY) -> str:
    """Its last day in words."""
    if contract.ends_on is None:
        return _("No end")
    return str(date_format(contract.ends_on - timedelta(days=1), form))


def facts_of(contract: Contract) -> list[tuple[str, str]]:
    """What it is, in words and values."""
    renewal = ngettext("%(count)d month", "%(count)d months", contract.renewal_months)
    facts = [
        (_("Type"), contract.get_type_display()),
        (_("Number"), contract.number),
        (_("First day"), date_format(contract.starts_on, DAY)),
        (_("Last day"), until(contract)),
    ]
    if contract.renewal_months:
        facts.append((_("Renewed by"), renewal % {"count": contract.renewal_months}))
    if contract.status == Contract.Status.SENT and contract.offer_ends_on:
        facts.append((_("Can be signed until"), date_format(contract.offer_ends_on, DAY)))
    return facts


def signer_blocks(signers: Iterable[Signer], signatures: Iterable[Signature] = ()) -> list[Row]:
    """Those who sign, as components/signature_block.html takes them; who passed it on is left to the history."""
    given = {signature.signer_id: signature for signature in signatures}
    return [block(signer, given.get(signer.pk)) for signer in signers if signer.status != Signer.Status.DELEGATED]


def block(signer: Signer, signature: Signature | None) -> Row:
    """One of them: the signature with its facts, or what is waited for."""
    role = signer.title or str(Side(signer.side).label)
    if signature is not None:
        facts = [
            (_("E-mail"), signature.email),
            (_("Signed"), f"{signature.signed_at:%Y-%m-%d %H:%M:%S} UTC"),
            (_("Proved by"), str(signature.get_authentication_display())),
            (_("SHA-256"), signature.sha256),
        ]
        return {"name": signature.typed_name, "role": role, "facts": facts}
    words = {
        Signer.Status.INVITED: _("Waiting for %(person)s"),
        Signer.Status.DECLINED: _("%(person)s declined"),
        Signer.Status.SIGNED: _("%(person)s has signed"),
    }
    waiting = words.get(signer.status, _("%(person)s signs later")) % {"person": signer}
    return {"waiting": waiting, "role": role, "is_declined": signer.status == Signer.Status.DECLINED}


def history(events: Iterable[EvidenceEvent], now: Any) -> list[Row]:
    """What happened, as components/timeline.html takes it."""
    return [happened(event, now) for event in events]


def happened(event: EvidenceEvent, now: Any) -> Row:
    """One line of it; reasons and to whom something went stand below."""
    icon, tone = LOOKS.get(event.kind, ("circle-dot", ""))
    text = f"{event.get_kind_display()}: {event.name}" if event.name else event.get_kind_display()
    note = event.data.get("reason") or event.data.get("name") or event.role
    return {"text": text, "note": note, "icon": icon, "kind": tone, "at": event.at, "when": ago(event.at, now)}
