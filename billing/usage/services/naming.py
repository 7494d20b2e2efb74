"""What products call companies and members by: only such as have, or had, the product; all others are unknown to it."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from billing.catalog.models import Product
from billing.usage import registry
from billing.usage.models import DailyUsage
from portal.accounts.models import Company, Membership

# A company by its key, and a member as the product wrote it.
Pair = tuple[int, str]


def companies(*, product: Product, names: Collection[str]) -> dict[str, int]:
    """Keys of companies by id or slug, as each was named, among those that have the product or had it once.

    An id goes before a slug: no company takes another's by calling itself so.
    """
    ids = {name: as_id(name) for name in names}
    rows = Company.objects.filter(Q(public_id__in=filter(None, ids.values())) | Q(slug__in=names), erased_at=None)
    triples = list(rows.values_list("pk", "public_id", "slug"))
    holders = registry.holding(product, {pk for pk, _public_id, _slug in triples})
    found: dict[UUID | str, int] = {}
    for pk, public_id, slug in triples:
        if pk in holders:
            found[public_id] = found[slug] = pk
    named = {name: found.get(key or name) or found.get(name) for name, key in ids.items()}
    return {name: pk for name, pk in named.items() if pk}


def members(pairs: Collection[Pair]) -> dict[Pair, int]:
    """Keys of people by company and `sub`, as it was written: members, and who was one when something was counted."""
    wanted = {pair: key for pair in pairs if (key := as_id(pair[1]))}
    found: dict[tuple[int, UUID], int] = {}
    for model in (Membership, DailyUsage):
        left = [(company, key) for (company, _sub), key in wanted.items() if (company, key) not in found]
        if left:
            rows = model._default_manager.filter(
                company__in={company for company, _key in left}, user__public_id__in={key for _company, key in left}
            )
            triples = rows.order_by().values_list("company_id", "user__public_id", "user_id").distinct()
            found |= {(company, key): user for company, key, user in triples}
    return {pair: found[pair[0], key] for pair, key in wanted.items() if (pair[0], key) in found}


def as_id(text: str) -> UUID | None:
    """An identifier, however it is written."""
    try:
        return UUID(text)
    except ValueError:
        return None
