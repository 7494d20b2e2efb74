"""Agreements from elsewhere become templates; importing the same again changes nothing."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.contracts.models import ContractTemplate
from portal.contracts.reading import marked, placeholders, shaping, word
from portal.contracts.reading.errors import UnreadableAgreement

if TYPE_CHECKING:
    from portal.accounts.models import User

MOST_BYTES = 20 * 1024 * 1024
LONGEST_NAME = 120
LONGEST_SOURCE = 300
READERS: Mapping[str, Any] = {".docx": word.html_of, ".md": marked.html_of, ".markdown": marked.html_of}


class Outcome(StrEnum):
    """What came of an import."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Imported:
    """A template that was imported, and what came of it."""

    template: ContractTemplate
    outcome: Outcome


@transaction.atomic
def import_template(
    *, content: bytes, file_name: str, source: str, by: "User | None", name: str = "", kind: str = "onboarding"
) -> Imported:
    """Make a draft of a template from a file, or a new draft where its source says something else by now.

    A template stays unpublished until an editor has read it, and what editors changed stays while the source is the
    same. Raises UnreadableAgreement.
    """
    source, sha256 = source[-LONGEST_SOURCE:], hashlib.sha256(content).hexdigest()
    known = ContractTemplate.objects.select_for_update().filter(source=source).first()
    if known and known.source_sha256 == sha256:
        return Imported(known, Outcome.UNCHANGED)
    blocks, fields = read(content, file_name)
    if known:
        known.source_sha256 = sha256
        known.save(update_fields=["source_sha256"])
        changed: Any = known.get_latest_revision_as_object() if known.latest_revision_id else known
        changed.body, changed.fields = blocks, fields
        _save_draft(changed, by)
        return Imported(known, Outcome.CHANGED)
    template = ContractTemplate(
        name=free_name(name or _title(blocks) or PurePath(file_name).stem),
        type=kind,
        body=blocks,
        fields=fields,
        source=source,
        source_sha256=sha256,
        live=False,
    )
    template.clean()
    template.save(force_insert=True)
    _save_draft(template, by)
    return Imported(template, Outcome.CREATED)


def read(content: bytes, file_name: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The blocks and the merge fields of a file. Raises UnreadableAgreement."""
    reader = READERS.get(PurePath(file_name).suffix.lower())
    if reader is None:
        raise UnreadableAgreement(_("Give a Markdown (.md) or Word (.docx) document."), field="file")
    if len(content) > MOST_BYTES:
        raise UnreadableAgreement(_("This document is too large."), field="file")
    blocks, fields = placeholders.merged(shaping.blocks_of(reader(content)))
    if not blocks:
        raise UnreadableAgreement(_("There is no text in this document."), field="file")
    return blocks, fields.as_blocks()


def free_name(wanted: str) -> str:
    """A name that no other template has."""
    base = " ".join(wanted.split())[: LONGEST_NAME - 5]
    taken = set(ContractTemplate.objects.filter(name__startswith=base).values_list("name", flat=True))
    name, count = base, 1
    while name in taken:
        count += 1
        name = f"{base} ({count})"
    return name


def _title(blocks: list[dict[str, Any]]) -> str:
    words = next((block["value"]["text"] for block in blocks if block["type"] == "heading"), "")
    return words.replace("{", "").replace("}", "")


def _save_draft(template: ContractTemplate, by: "User | None") -> None:
    template.clean()
    template.save_revision(user=by, log_action=True)
