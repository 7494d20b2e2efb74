"""Who may read a help page.

A page's own rule is a clause: a set of keys, of which the reader must hold one; an empty clause lets everyone pass.
The rule of every page above holds as well. All clauses together, in canonical form, are one `Audience`; pages that may
be read by the same people share it, so that a list, a count, a facet or a suggestion filters by a handful of ids.
"""

import json
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import models

Clause = frozenset[str]


class AudienceKind(models.TextChoices):
    """Groups of readers that a page can be kept for."""

    CUSTOMERS = "customers", "Customers"
    DEVELOPERS = "developers", "Developers"
    RESELLERS = "resellers", "Resellers"
    STAFF = "staff", "Staff"


def closed(audience: Iterable[str]) -> list[str]:
    """Groups of readers, staff among them: staff read every page, but the rule is no longer empty, which is public."""
    return sorted({*audience, AudienceKind.STAFF.value})


@dataclass(frozen=True, slots=True)
class Reader:
    """What a reader holds: keys such as "customers", "product:erp", "company:<public id>"; staff read everything.

    `audience_ids` are those that the reader belongs to, where they have been asked for already.
    """

    keys: frozenset[str] = field(default_factory=frozenset)
    reads_all: bool = False
    kind: str = "anonymous"
    audience_ids: tuple[int, ...] | None = field(default=None, compare=False)

    @property
    def sharing(self) -> Hashable:
        """The same for all readers to whom the same pages are open; None while that is not known."""
        return "all" if self.reads_all else self.audience_ids

    def satisfies(self, clauses: Iterable[Iterable[str]]) -> bool:
        """Whether the reader holds one key of each clause."""
        return self.reads_all or all(self.keys.intersection(clause) for clause in clauses)


def canonical(clauses: Iterable[Clause]) -> str:
    """The one text for clauses that mean the same: no empty or repeated clause, nothing implied by a narrower one."""
    distinct = {clause for clause in clauses if clause}
    minimal = [clause for clause in distinct if not any(other < clause for other in distinct)]
    return json.dumps(sorted(sorted(clause) for clause in minimal))


@lru_cache(maxsize=20_000)
def clauses_of(rule: str) -> tuple[tuple[str, ...], ...]:
    """The clauses of a rule as it is kept."""
    return tuple(tuple(clause) for clause in json.loads(rule))


class AudienceQuerySet(models.QuerySet["Audience"]):
    """Audiences, as far as a reader belongs to them."""

    def readable_by(self, reader: Reader) -> list[int]:
        """Ids of the audiences that the reader belongs to, in one query if they are not known yet."""
        if reader.audience_ids is not None:
            return list(reader.audience_ids)
        return [pk for pk, rule in self.values_list("pk", "rule") if reader.satisfies(clauses_of(rule))]

    def for_rules(self, rules: Iterable[str]) -> "dict[str, Audience]":
        """Audiences by their canonical rule; those that are the first of their kind are made."""
        wanted = set(rules)
        self.bulk_create([self.model(rule=rule) for rule in sorted(wanted)], ignore_conflicts=True)
        return {audience.rule: audience for audience in self.filter(rule__in=wanted)}


class Audience(models.Model):
    """Everyone who satisfies a rule: JSON of a list of clauses in canonical form; "[]" is the public."""

    rule = models.TextField(unique=True)

    objects = AudienceQuerySet.as_manager()

    def __str__(self) -> str:
        return " and ".join(" or ".join(clause) for clause in json.loads(self.rule)) or "everyone"

    @property
    def is_public(self) -> bool:
        """Whether everyone may read."""
        return self.rule == "[]"

    def includes(self, reader: Reader) -> bool:
        """Whether the reader belongs to the audience."""
        return reader.satisfies(clauses_of(self.rule))

    def contains(self, other: "Audience") -> bool:
        """Whether everyone in the other audience is in this one for certain."""
        others = [set(clause) for clause in json.loads(other.rule)]
        return all(any(clause <= set(mine) for clause in others) for mine in json.loads(self.rule))
