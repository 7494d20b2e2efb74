"""What demo readers searched for and thought of pages, so that editors see what their reports are for."""

from datetime import datetime, timedelta

from django.utils import timezone

from helpcenter.knowledge.models import Audience, Feedback, HelpDocument, Reader, SearchEvent
from helpcenter.knowledge.models.words import normalise
from helpcenter.knowledge.services import counting, feedback, searching
from portal.accounts.models import User

# What was typed, how often, and how often the first result was opened.
SEARCHES = (
    ("issue an invoice", 14, 11),
    ("loan guarantor", 9, 7),
    ("payslip password", 8, 6),
    ("report", 9, 1),
    ("statement", 7, 1),
    ("whatsapp", 6, 0),
    ("biometric", 4, 0),
    ("crypto", 2, 0),
)
# Page below /help/, who votes, whether it helped, the comment, and an editor's answer.
VOTES = (
    ("erp/selling/invoices", "owner@savanna.example", True, "", ""),
    ("erp/selling/invoices", "billing@savanna.example", True, "", ""),
    ("payroll/running-payroll/net-pay-looks-wrong", "viewer@savanna.example", False, "", ""),
    (
        "payroll/running-payroll/payslips",
        "admin@savanna.example",
        False,
        "Where do I change the language of the payslip?",
        "",
    ),
    (
        "sacco/loans/guarantors",
        "owner@ridgeline.example",
        False,
        "What if a guarantor leaves the SACCO?",
        "The loan needs another guarantor first: “When a member leaves” says how. Thank you for asking.",
    ),
)
EDITOR = "editor@portal.example"
DAYS = 14


def create() -> None:
    """Write what is missing of it, once."""
    now = timezone.now()
    if not SearchEvent.objects.exists():
        for query, times, opened in SEARCHES:
            search(query, times, opened, now)
    if not Feedback.objects.exists():
        for path, email, is_helpful, comment, reply in VOTES:
            vote(path, email, is_helpful, comment, reply, now)


def search(query: str, times: int, opened: int, now: datetime) -> None:
    """Search as an anonymous reader, spread over the days before; what is found is what is found today."""
    audiences = Audience.objects.readable_by(Reader())
    found = searching.search(query, audience_ids=audiences)
    for number in range(times):
        at = now - timedelta(days=DAYS * (number + 0.5) / times)
        event = counting.searched(
            query=query,
            normalised=normalise(query),
            results=found.total,
            reader="anonymous",
            is_filtered=False,
            at=at,
        )
        if number < opened and found.hits:
            page = found.hits[0].document.pk
            counting.opened(search=event.pk, page=page, rank=1, audience_ids=audiences, at=at)


def vote(path: str, email: str, is_helpful: bool, comment: str, reply: str, now: datetime) -> None:
    """Vote on a page, if there is one, and answer as an editor would."""
    document = HelpDocument.objects.filter(path=f"/help/{path}/").first()
    user = User.objects.filter(email=email).first()
    if document is None or user is None:
        return
    given = feedback.vote(document=document, user=user, visitor="", is_helpful=is_helpful, comment=comment)
    if reply:
        feedback.answer(feedback=given, text=reply, by=User.objects.get(email=EDITOR), at=now)
