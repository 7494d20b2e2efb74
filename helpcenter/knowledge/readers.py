"""Who reads: the keys that the desk in use gives."""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import BigIntegerField, Value

from billing.subscriptions.models import ProductAccess
from helpcenter.knowledge.models import Audience, Reader
from helpcenter.knowledge.models.audiences import clauses_of
from portal.accounts.desks import Desk, Kind
from portal.accounts.models import Company
from portal.core.http import PortalRequest

GROUPS = {
    Kind.DEVELOPER: "developers",
    Kind.AGENCY: "developers",
    Kind.RESELLER: "resellers",
    Kind.COMPANY: "customers",
}
ANONYMOUS = Reader()


def reader_at(desk: Desk | None) -> Reader:
    """The reader at a desk; one query, for a company's products and the audiences that there are."""
    if desk is None:
        return knowing(ANONYMOUS, Audience.objects.values_list("pk", "rule"))
    if desk.kind == Kind.STAFF:
        return Reader(reads_all=True, kind="staff")
    group = GROUPS[desk.kind]
    if desk.company is None:
        return knowing(Reader(frozenset({group}), kind=group), Audience.objects.values_list("pk", "rule"))
    slugs, rules = products_and_rules(desk.company)
    keys = {group, f"company:{desk.company.public_id}", *(f"product:{slug}" for slug in slugs)}
    return knowing(Reader(frozenset(keys), kind=group), rules)


def products_and_rules(company: Company) -> tuple[list[str], list[tuple[int, str]]]:
    """Slugs of the products that a company may open, and the rules of all audiences by id, in one query."""
    opened = ProductAccess.objects.for_company(company).open()
    slugs = opened.values_list(Value(0, output_field=BigIntegerField()), "product__slug")
    rows = list(slugs.union(Audience.objects.values_list("pk", "rule"), all=True))
    return [slug for pk, slug in rows if pk == 0], [(pk, rule) for pk, rule in rows if pk]


def knowing(reader: Reader, rules: Iterable[tuple[int, str]]) -> Reader:
    """The reader, with the audiences that it belongs to."""
    known = tuple(sorted(pk for pk, rule in rules if reader.satisfies(clauses_of(rule))))
    return replace(reader, audience_ids=known)


def reader_of(request: PortalRequest) -> Reader:
    """The reader who asks, found once a request."""
    reader: Reader | None = getattr(request, "reader", None)
    if reader is None:
        reader = reader_at(getattr(request, "desk", None))
        request.reader = reader
    return reader
