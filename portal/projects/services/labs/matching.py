"""Which of a company's projects is meant by one at Labs: by identifier, else by address; by name it is only guessed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from portal.accounts.models import Company, User
from portal.projects.labs.answers import Product
from portal.projects.models import Project

KINDS = ("product", "products", "project", "projects")


@dataclass(slots=True)
class Matches:
    """What the projects at Labs are, by their keys: `certain` by identifier or address, `guessed` by name."""

    certain: dict[str, Project] = field(default_factory=dict)
    guessed: dict[str, Project] = field(default_factory=dict)
    company: Company | None = None


def of(user: User, products: Sequence[Product], *, at: datetime) -> Matches:
    """Find them among the projects that the person may see, never among those of others."""
    today = timezone.localdate(at)
    uuids = [product.uuid for product in products if product.uuid]
    wanted = Project.objects.visible_to(user, today=today).filter(Q(labs_uuid__in=uuids) | ~Q(labs_url=""))
    found = Matches(certain=_certain(list(wanted.select_related("labs_project", "company")), products))
    own = Company.objects.filter(memberships__user=user, is_active=True).distinct()
    found.guessed = _guessed(own, [product for product in products if product.key not in found.certain])
    found.company = _one(own)
    return found


def is_at(address: str, product: Product) -> bool:
    """Whether an address that staff wrote to a project leads to this one at Labs."""
    parts = urlsplit(address)
    if not address or parts.hostname != urlsplit(settings.LABS_API_URL).hostname:
        return False
    if product.url and address.rstrip("/").lower() == product.url.rstrip("/").lower():
        return True
    segments = [segment.lower() for segment in parts.path.split("/") if segment]
    if product.uuid and str(product.uuid) in segments:
        return True
    numbered = pairwise(segments)
    return bool(product.number) and any(kind in KINDS and number == product.number for kind, number in numbered)


def _certain(projects: Sequence[Project], products: Sequence[Product]) -> dict[str, Project]:
    by_uuid = {project.labs_uuid: project for project in projects if project.labs_uuid}
    # One that stands for another already is not asked for its address.
    free = [project for project in projects if project.labs_uuid is None and not hasattr(project, "labs_project")]
    found = {}
    for product in products:
        at_address = [project for project in free if is_at(project.labs_url, product)]
        if product.uuid in by_uuid:
            found[product.key] = by_uuid[product.uuid]
        elif len(at_address) == 1:
            found[product.key] = at_address[0]
    return found


def _guessed(own: "QuerySet[Company]", products: Sequence[Product]) -> dict[str, Project]:
    names = {product.name.lower() for product in products}
    rows = Project.objects.filter(company__in=own, labs_uuid=None, labs_project=None)
    by_name: dict[str, list[Project]] = {}
    for project in rows.annotate(small=Lower("name")).filter(small__in=names).select_related("company"):
        by_name.setdefault(project.name.lower(), []).append(project)
    pairs = ((product.key, by_name.get(product.name.lower(), [])) for product in products)
    return {key: found[0] for key, found in pairs if len(found) == 1}


def _one(own: "QuerySet[Company]") -> Company | None:
    """The company that is meant most likely: the only one, or the only customer of Labs."""
    companies = list(own)
    customers = [company for company in companies if company.is_labs_customer] or companies
    return customers[0] if len(customers) == 1 else None
