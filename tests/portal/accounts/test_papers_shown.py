"""Papers as staff look at them beside the profile."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from portal.accounts.models import Company, User, VerificationDocument
from portal.activity.models import ActivityEvent
from portal.approvals import addresses
from tests.cast import client_of
from tests.portal.accounts.papers import PDF, body, hand_in

pytestmark = pytest.mark.django_db
Kind = VerificationDocument.Kind
PAGE = "/customer/settings/verification/"


def test_a_paper_is_looked_at_in_the_page_and_runs_nothing(owner: User, staff: User, company: Company) -> None:
    approval = hand_in(company, owner)
    document = VerificationDocument.objects.get(kind=Kind.TAX)
    VerificationDocument.objects.filter(kind=Kind.ADDRESS).update(content_type="image/png")
    page = client_of(staff).get(addresses.staff_page(approval)).content.decode()
    address = f"{PAGE}documents/{document.public_id}/view/"
    assert page.count("<iframe") == 2
    frame = f'src="{address}#navpanes=0&view=FitH" title="Tax certificate: paper.pdf, no expiry date"'
    assert f'<iframe class="paper__pages" {frame}' in page
    assert page.count('alt="Proof of address: paper.pdf, no expiry date"') == 1
    assert not ActivityEvent.objects.filter(verb__startswith="file.").exists()
    answer = client_of(staff).get(address)
    assert body(answer) == PDF
    shown = ("application/pdf", 'inline; filename="paper.pdf"', "default-src 'none'; sandbox", "nosniff", "SAMEORIGIN")
    names = ("Content-Type", "Content-Disposition", "Content-Security-Policy", "X-Content-Type-Options")
    assert tuple(answer[name] for name in (*names, "X-Frame-Options")) == shown
    event = ActivityEvent.objects.get(verb="file.viewed")
    assert (event.actor, event.company, event.subject_label) == (staff, company, "Tax certificate")


def test_a_file_of_another_kind_is_never_shown_in_the_page(owner: User, staff: User, company: Company) -> None:
    hand_in(company, owner)
    document = VerificationDocument.objects.get(kind=Kind.TAX)
    for content_type in ("image/svg+xml", "text/html", "application/xhtml+xml"):
        VerificationDocument.objects.filter(pk=document.pk).update(content_type=content_type)
        answer = client_of(staff).get(f"{PAGE}documents/{document.public_id}/view/")
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_staff_see_how_long_each_paper_is_valid(owner: User, company: Company) -> None:
    today = timezone.localdate()
    approval = hand_in(company, owner)
    for kind, days in ((Kind.TAX, 0), (Kind.ADDRESS, 1)):
        VerificationDocument.objects.filter(kind=kind).update(expires_on=today + timedelta(days=days))
    papers = {fact.label: fact.preview for fact in approval.facts() if fact.preview}
    told = {label: (preview.state, preview.has_ended) for label, preview in papers.items()}
    assert told == {
        "Proof of address": (f"Valid until {date_format(today + timedelta(days=1))}", False),
        "Registration certificate": ("No expiry date", False),
        "Tax certificate": (f"Expired on {date_format(today)}", True),
    }
