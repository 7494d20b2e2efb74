"""E-mails as people get them: one letter, as HTML and as text, on the vendor's paper."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import select_template

from portal.core.merge_fields import merge
from portal.notifications.registry import Kind, Letterhead, letterheads

CODE = "Code: "


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a digest."""

    subject: str
    url: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What an e-mail says; addresses are complete, with host. `template` is a name below templates/emails/."""

    subject: str
    heading: str
    paragraphs: list[str]
    action_label: str = ""
    action_url: str = ""
    code: str = ""
    items: list[Item] = field(default_factory=list)
    footnote: str = ""
    settings_url: str = ""
    unsubscribe_url: str = ""
    template: str = "letter"


def absolute(url: str) -> str:
    """The address with the portal's host; one that has a host is left as it is."""
    return f"{settings.BASE_URL}{url}" if url.startswith("/") else url


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a text, between which a line is free."""
    return [paragraph.strip() for paragraph in text.replace("\r\n", "\n").split("\n\n") if paragraph.strip()]


def html(letter: Letter) -> str:
    """The letter for mail programs that show HTML; a template of its kind's name goes before the common one."""
    context = _context(letter)
    return str(select_template([f"emails/{letter.template}.html", "emails/letter.html"]).render(context))


def text(letter: Letter) -> str:
    """The letter in plain text."""
    rendered = select_template([f"emails/{letter.template}.txt", "emails/letter.txt"]).render(_context(letter))
    # Django escapes in text templates too.
    lines = [line.strip() for line in unescape(str(rendered)).strip().splitlines()]
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return "\n".join(kept) + "\n"


def message(letter: Letter, *, to: str, headers: Mapping[str, str] | None = None) -> EmailMultiAlternatives:
    """The letter as a message that can be sent, with the headers that mail programs unsubscribe by (RFC 8058)."""
    extra = {"Auto-Submitted": "auto-generated", **(headers or {})}
    if letter.unsubscribe_url:
        extra["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        extra["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(letter.subject, text(letter), to=[to], headers=extra)
    mail.attach_alternative(html(letter), "text/html")
    return mail


def sample(rules: Kind, subject: str, body: str) -> Letter:
    """The letter of a kind with made-up values."""
    return Letter(
        subject=merge(subject, rules.fields),
        heading=merge(subject, rules.fields),
        paragraphs=paragraphs_of(merge(body, rules.fields)),
        action_label=rules.action,
        action_url=absolute("/dashboard/"),
        settings_url=absolute("/customer/notifications/settings/"),
        unsubscribe_url="" if rules.urgent else absolute("/dashboard/"),
    )


def from_text(subject: str, text: str, *, action_label: str) -> Letter:
    """A letter from plain text: a line that is an address becomes its button, one after "Code: " its code."""
    rest: list[str] = []
    code = action_url = ""
    for paragraph in paragraphs_of(text):
        if paragraph.startswith(("http://", "https://")) and " " not in paragraph:
            action_url = paragraph
        elif paragraph.startswith(CODE):
            code = paragraph.removeprefix(CODE)
        else:
            rest.append(paragraph)
    label = action_label if action_url else ""
    return Letter(subject, subject, rest, action_label=label, action_url=action_url, code=code)


def letterhead() -> Letterhead:
    """The vendor's paper; a plain one where no app keeps a brand."""
    return letterheads.get("vendor")() if "vendor" in letterheads else Letterhead()


def _context(letter: Letter) -> dict[str, object]:
    head = letterhead()
    return {
        "letter": letter,
        "brand": head,
        "logo": absolute(head.logo_url) if head.logo_url else "",
        "home": settings.BASE_URL,
        "host": settings.BASE_URL.partition("//")[2],
    }
