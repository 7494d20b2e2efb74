"""Dialogs of the admin in which a snippet is chosen: Wagtail opens each to everybody who enters the admin."""

import pytest
from wagtail.snippets.models import get_snippet_models

from portal.accounts.models import User
from portal.core.admin_choosers import Unchosen
from tests.cast import client_of

# What says nothing of any company or person.
OPEN = {
    "accounts.ConsentText", "accounts.RetentionPeriod", "catalog.Metric", "catalog.Plan", "catalog.PlanFamily",
    "catalog.Product", "home.Announcement", "invoicing.TaxRate", "knowledge.Promotion", "knowledge.Synonym",
    "notifications.MessageTemplate", "payments.DunningStep",
}  # fmt: skip


@pytest.mark.django_db
def test_no_dialog_tells_editors_of_companies_and_people(editor: User) -> None:
    client, found = client_of(editor), {}
    for model in get_snippet_models():
        meta = model._meta
        found[meta.label] = client.get(f"/admin/snippets/choose/{meta.app_label}/{meta.model_name}/").status_code
    assert {name for name, status in found.items() if status == 200} == OPEN
    assert {status for name, status in found.items() if name not in OPEN} == {404}
    assert len(found) > len(OPEN)
    closed = {model._meta.label for model in get_snippet_models() if isinstance(model.snippet_viewset, Unchosen)}
    assert closed == found.keys() - OPEN
