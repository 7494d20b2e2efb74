"""Who stands where before a contract: the person of a request, and the place in which they sign."""

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, Value, When
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from portal.accounts import roles
from portal.accounts.models import User
from portal.contracts.models import Contract, Signer
from portal.contracts.models.contracts import ContractQuerySet
from portal.contracts.models.signers import Side
from portal.contracts.services import drafting
from portal.core.http import MemberRequest

# Whoever passed a place on may have got another one back.
NEWEST = Case(When(status=Signer.Status.DELEGATED, then=Value(1)), default=Value(0), output_field=IntegerField())
NAMES = {Side.COMPANY: "contract", Side.VENDOR: "countersign"}


@dataclass(frozen=True, slots=True)
class Place:
    """A contract for one side, and the signer who looks at it; none where somebody else signs."""

    contract: Contract
    signer: Signer | None
    side: str

    def url(self, part: str) -> str:
        """An address of signing: sign, viewed, delegate, decline."""
        return reverse(f"{NAMES[Side(self.side)]}-{part}", args=[self.contract.public_id])

    @property
    def home(self) -> str:
        """Where they come from and go back to."""
        if self.side == Side.COMPANY:
            return reverse("contract", args=[self.contract.public_id])
        return "/staff/dashboard/"


def find(request: MemberRequest, public_id: UUID, side: str) -> Place:
    """The place of the request's person in a contract. Raises Http404, PermissionDenied.

    Those of the company sign at its desk, ours wherever they are.
    """
    contracts = _within_reach(request, side)
    mine = Signer.objects.filter(contract__in=contracts, contract__public_id=public_id, user=request.user, side=side)
    signer = mine.select_related("contract__company").order_by(NEWEST, "-pk").first()
    if signer is None:
        contract = get_object_or_404(contracts.select_related("company"), public_id=public_id)
        return Place(contract, None, side)
    signer.user = request.user
    return Place(signer.contract, signer, side)


def _within_reach(request: MemberRequest, side: str) -> ContractQuerySet:
    if side == Side.VENDOR:
        _check_staff(request.user)
        return Contract.objects.sent()
    if request.membership is None:
        raise Http404
    if not roles.allows(request.membership, roles.Permission.SIGN_CONTRACTS):
        raise PermissionDenied
    return Contract.objects.for_company(request.company).sent()


def _check_staff(user: User) -> None:
    if not user.is_staff:
        raise Http404
    if not user.has_perm(drafting.SIGN_FOR_VENDOR):
        raise PermissionDenied
