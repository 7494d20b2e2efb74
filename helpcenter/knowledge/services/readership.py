"""Who may read a page, in words for its editor."""

import json

from billing.catalog.models import Product
from helpcenter.knowledge.models import HelpPage
from helpcenter.knowledge.models.audiences import AudienceKind, Clause, canonical
from helpcenter.knowledge.services import placement
from portal.accounts.models import Company


def own_clause(page: HelpPage) -> Clause:
    """The rule of this version of the page, which may be a draft."""
    products = {f"product:{product.slug}" for product in page.audience_products.all()}
    companies = {f"company:{row.company.public_id}" for row in page.audience_companies.all()}
    return frozenset({*page.audience, *products, *companies})


def told(page: HelpPage) -> str:
    """Readers of this version: "Everyone", or "Customers or developers, and among them users of ERP"."""
    above = placement.own_clauses(page.get_ancestors().values_list("pk", flat=True))
    clauses = json.loads(canonical([*above.values(), own_clause(page)]))
    if not clauses:
        return "Everyone"
    words = words_of({key for clause in clauses for key in clause})
    told = ", and among them ".join(" or ".join(words[key] for key in clause) for clause in clauses)
    return told[0].upper() + told[1:]


def words_of(keys: set[str]) -> dict[str, str]:
    """Keys of rules in words; one query for products, one for companies."""
    words = {kind.value: str(kind.label).lower() for kind in AudienceKind}
    for slug, name in Product.objects.filter(slug__in=named("product", keys)).values_list("slug", "name"):
        words[f"product:{slug}"] = f"users of {name}"
    for ident, name in Company.objects.filter(public_id__in=named("company", keys)).values_list("public_id", "name"):
        words[f"company:{ident}"] = f"members of {name}"
    return words


def named(kind: str, keys: set[str]) -> list[str]:
    """What stands behind the colon in keys of a kind."""
    return [key.partition(":")[2] for key in keys if key.startswith(f"{kind}:")]
