"""What typesetting does to the rest of the process: nothing."""

import importlib

import pytest
from PIL import ImageFile

PLACES = [
    "portal.core.typesetting",
    "billing.invoicing.services.papers.typeset",
    "helpcenter.knowledge.services.printing",
]


@pytest.mark.parametrize("place", PLACES)
def test_pictures_that_break_off_are_refused_wherever_pdfs_are_made(place: str) -> None:
    """WeasyPrint, once imported, has Pillow take them everywhere."""
    importlib.import_module("weasyprint")
    importlib.import_module(place)
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
