"""Members ask for products that the company has and they were not given; owners and admins decide."""

from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from billing.catalog.models import Product
from billing.launch.models import AccessRequest
from billing.launch.services import access
from billing.launch.services.access import Closed
from billing.subscriptions.services.access import Products
from portal.accounts.models import Membership, User
from portal.approvals import services as approvals
from portal.approvals.models import Approval
from portal.core.errors import Conflict

KIND = "product_access"


class NothingToAskFor(Conflict):
    """The member may open the product already, or nobody in the company can at present."""

    code = "nothing_to_ask_for"


class NobodyAnswers(Conflict):
    """Who decides is gone."""

    code = "nobody_answers"


@transaction.atomic
def ask(*, membership: Membership, product: Product, at: datetime) -> Approval:
    """Ask the company's owners and admins. Raises NothingToAskFor, AlreadyAsked."""
    decision = access.decide(user=membership.user, company=membership.company, product=product)
    if decision.closed != Closed.NOT_GRANTED:
        raise NothingToAskFor(_("There is nothing to ask for: see on the product's page how it stands."))
    request, _made = AccessRequest.objects.update_or_create(
        membership=membership, product=product, defaults={"asked_at": at}
    )
    return approvals.ask(
        kind=KIND,
        subject=request,
        by=membership.user,
        at=at,
        company=membership.company,
        concerns=membership.user,
        label=product.name,
    )


def is_asked(*, membership: Membership, product: Product) -> bool:
    """Whether the member waits for an answer."""
    asked = AccessRequest.objects.filter(membership=membership, product=product).values("pk")
    return Approval.objects.filter(kind=KIND, company=membership.company, object_id__in=asked).pending().exists()


def waits_since(membership: Membership, *, product: Product | OuterRef) -> Subquery:
    """When the member asked for a product, as an expression; NULL where nothing waits for an answer."""
    waiting = Approval.objects.filter(kind=KIND, company=membership.company_id).pending().values("object_id")
    asked = AccessRequest.objects.filter(membership=membership, product=product, pk__in=waiting)
    return Subquery(asked.values("asked_at")[:1])


def grant(approval: Approval, at: datetime) -> None:
    """Give what was asked for, beside what the member has. Raises NothingToAskFor, SeatsTaken, NobodyAnswers."""
    request = AccessRequest.objects.select_related("membership__user", "membership__company", "product").get(
        pk=approval.object_id
    )
    by: User | None = approval.decided_by
    if by is None:
        raise NobodyAnswers(_("Somebody has to decide this."))
    membership, product = request.membership, request.product
    decision = access.decide(user=membership.user, company=membership.company, product=product)
    if decision.closed not in (None, Closed.NOT_GRANTED):
        raise NothingToAskFor(_("The company cannot open %(product)s at present.") % {"product": product.name})
    products = Products()
    products.give(membership, [*products.held(membership), product.slug], by=by)
