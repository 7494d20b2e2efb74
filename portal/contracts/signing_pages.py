"""What the pages of signing show."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.accounts.models import ConsentText
from portal.contracts import rows
from portal.contracts.forms import DeclineForm, DelegateForm, SignForm
from portal.contracts.models import Contract, ContractText, Signature, Signer
from portal.contracts.models.signers import Side
from portal.contracts.paging import pages_of
from portal.contracts.places import Place
from portal.contracts.services import costs, delegating, turns
from portal.core.errors import DomainError

STEPS = ("Read", "Sign")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text and the page of it that is open; pages count from 1."""

    text: ContractText
    pages: list[SafeString]
    number: int

    @classmethod
    def of(cls, contract: Contract, wanted: str) -> Self:
        """The newest text at the page that was asked for, or the nearest there is."""
        text = contract.texts.order_by("-version")[0]
        pages = pages_of(text.html)
        number = int(wanted) if wanted.isdecimal() and len(wanted) < 5 else 1
        return cls(text, pages, min(max(number, 1), len(pages)))

    @property
    def is_last(self) -> bool:
        """Whether the end of the text is shown."""
        return self.number == len(self.pages)


def refusal_of(place: Place) -> DomainError | None:
    """What stands in the way of signing here; None for one whose turn it is."""
    if place.signer is None:
        return not_asked()
    return turns.why_not(place.signer, today=timezone.localdate())


def not_asked() -> turns.NotAsked:
    """The refusal for one who has no place in the contract."""
    return turns.NotAsked(_("You are not asked to sign this contract."))


def is_reading(request: HttpRequest, place: Place) -> bool:
    """Whether the text is to be read: first, and whenever a page of it is asked for."""
    return place.signer is None or place.signer.viewed_at is None or "page" in request.GET


def reading(place: Place, shown: Reading) -> dict[str, Any]:
    """One page of the text."""
    has_read = bool(place.signer and place.signer.viewed_at)
    return {
        **frame(place, current=0),
        "text": shown.text,
        "page": shown.pages[shown.number - 1],
        "number": shown.number,
        "count": len(shown.pages),
        "percent": shown.number * 100 // len(shown.pages),
        "previous_url": f"?page={shown.number - 1}" if shown.number > 1 else "",
        "next_url": "" if shown.is_last else f"?page={shown.number + 1}",
        "has_read": has_read,
    }


def form(place: Place, form: SignForm) -> dict[str, Any]:
    """The summary and the form."""
    contract = place.contract
    consent = ConsentText.objects.current(ConsentText.Kind.SIGNING).get()
    return {
        **frame(place, current=1),
        "form": form,
        "text": contract.texts.order_by("-version").defer("html")[0],
        "consent": consent,
        "consent_paragraphs": consent.body.split("\n\n"),
        "facts": rows.facts_of(contract),
        "cost": costs.preview(contract),
        "signers": rows.signer_blocks(contract.signers.select_related("user").in_order()),
    }


def delegation(place: Place, form: DelegateForm) -> dict[str, Any]:
    """Passing the signature on."""
    return {
        **frame(place),
        "form": form,
        "has_candidates": bool(place.signer and delegating.candidates(place.signer).exists()),
        "left": delegating.MOST - delegating.hands(place.signer) if place.signer else 0,
    }


def refusing(place: Place, form: DeclineForm) -> dict[str, Any]:
    """Declining."""
    others: Iterable[Signer] = place.contract.signers.exclude(user=place.signer.user) if place.signer else ()
    return {**frame(place), "form": form, "others": rows.names(others)}


def closed(place: Place, refusal: DomainError) -> dict[str, Any]:
    """Why nothing can be signed here."""
    waiting = place.contract.signers.filter(status=Signer.Status.INVITED).select_related("user").in_order()
    is_offered = place.contract.status == Contract.Status.SENT
    return {
        **frame(place),
        "refusal": refusal,
        "is_signed": isinstance(refusal, turns.AlreadySigned),
        "waiting": rows.names(waiting) if is_offered else "",
        "amended_by": place.contract.amendments.sent().newest().first() if place.side == Side.COMPANY else None,
    }


def thanks(signature: Signature) -> str:
    """What is said once somebody has signed."""
    if signature.signer.contract.status == Contract.Status.SIGNED:
        return _("You have signed, and so has everybody. The sealed PDF comes by e-mail in a moment.")
    return _("You have signed. Others have yet to; you will be told when everybody has.")


def frame(place: Place, *, current: int | None = None) -> dict[str, Any]:
    """What all of them share."""
    contract, is_company = place.contract, place.side == Side.COMPANY
    states = ["done" if current and number < current else "upcoming" for number in range(len(STEPS))]
    if current is not None:
        states[current] = "current"
    crumbs = [{"label": _("Contracts"), "url": reverse("contracts")}, {"label": contract.title, "url": place.home}]
    return {
        "contract": contract,
        "signer": place.signer,
        "is_company": is_company,
        "crumbs": crumbs if is_company else [],
        "steps": [{"title": title, "state": state} for title, state in zip(STEPS, states, strict=True)],
        "urls": {part: place.url(part) for part in ("sign", "viewed", "delegate", "decline")} | {"home": place.home},
    }
