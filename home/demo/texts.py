"""Demo help texts, with synonyms and promotions, and announcements."""

import csv
from datetime import timedelta
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone

from helpcenter import knowledge
from helpcenter.knowledge.models import HelpDocument, Promotion, Synonym
from home.demo import readers
from home.models import Announcement

TEXTS = Path(knowledge.__file__).parent / "demo"
ANNOUNCEMENTS = {
    "A new help center": {
        "text": "Guides, tutorials and walk-throughs for every product, with a search that forgives typing mistakes.",
        "level": "info",
        "link": "/help/",
        "desks": [],
    },
    "Month end: close the period before the 5th": {
        "text": "The guide shows the checks that save you a correction later.",
        "level": "warning",
        "link": "/help/erp/",
        "desks": ["company"],
    },
}


def create() -> None:
    """Import the texts and make what is missing beside them."""
    call_command("import_help", str(TEXTS / "help"), under="help", stdout=StringIO())
    synonyms()
    promotions()
    readers.create()
    now = timezone.now()
    for title, values in ANNOUNCEMENTS.items():
        Announcement.objects.get_or_create(
            title=title, defaults={"starts_at": now, "ends_at": now + timedelta(days=60), **values}
        )


def synonyms() -> None:
    """Words that mean the same."""
    if Synonym.objects.exists():
        return
    with (TEXTS / "synonyms.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            Synonym.objects.create(phrases=[row["term"], *row["synonyms"].split("|")])


def promotions() -> None:
    """Pages that answer a question best."""
    if Promotion.objects.exists():
        return
    with (TEXTS / "promotions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            path = f"/help/{row['path'].strip('/').removesuffix('.md')}/"
            document = HelpDocument.objects.filter(path=path).first()
            if document:
                Promotion.objects.create(phrases=[row["query"]], page_id=document.pk)
