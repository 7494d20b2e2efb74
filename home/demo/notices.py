"""What demo people were told lately, so that nobody's bell is empty; what was told before stays as it is."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from portal.accounts.models import Company, User
from portal.notifications.models import ContactSettings, Notification
from portal.notifications.services import notices, reading

# Older than this, everything was read.
READ_AFTER = timedelta(days=5)
DEVICES = ((9, "Firefox on Windows", "197.248.10.20"), (1, "Chrome on Android", "105.163.1.84"))
# Kind, days ago, who, and the words that differ; all of Savanna Foods.
OF_SAVANNA = (
    ("member_joined", 40, ["owner", "admin"], {"name": "Kevin Mutua", "role": "Viewer"}),
    ("role_changed", 12, ["billing"], {"role": "Billing", "by": "Wanjiru Kamau"}),
    ("role_changed", 3, ["viewer"], {"role": "Viewer", "by": "Brian Otieno"}),
)


# Whose number counts as confirmed.
PHONES = {
    "owner@savanna.example": "+254712000101",
    "owner@northwind.example": "+12025550143",
    "developer@talent.example": "+254712000102",
}


def create(people: Mapping[str, User], companies: Mapping[str, Company]) -> None:
    """Tell what is missing and mark what is old as read, once; `people` by address, `companies` by slug."""
    now = timezone.now()
    for email, phone in PHONES.items():
        known = {"phone": phone, "phone_confirmed_at": now}
        ContactSettings.objects.get_or_create(user=people[email], defaults=known)
    told = [
        *(row for days, device, place in DEVICES for row in tell_of_device(people, days, device, place, now)),
        *tell_of_company(people, companies["savanna-foods"], now),
    ]
    if told:
        for user in people.values():
            read_old(user, now)


def tell_of_device(people: Mapping[str, User], days: int, device: str, place: str, now: datetime) -> list[Notification]:
    """Tell everybody of a sign-in with another device."""
    at = now - timedelta(days=days)
    time = timezone.localtime(at).strftime("%d %B %Y, %H:%M %Z")
    return notices.notify(
        kind="new_device",
        people=people.values(),
        key=f"demo {device}",
        at=at,
        fields={"device": device, "place": place, "time": time},
        url="/accounts/sessions/",
    )


def tell_of_company(people: Mapping[str, User], company: Company, now: datetime) -> list[Notification]:
    """Tell members what changed among them."""
    return [
        row
        for kind, days, names, words in OF_SAVANNA
        for row in notices.notify(
            kind=kind,
            people=[people[f"{name}@savanna.example"] for name in names],
            key=f"demo {days}",
            at=now - timedelta(days=days),
            fields={"company": company.name, **words},
            url="/customer/members/",
            company=company,
        )
    ]


def read_old(user: User, now: datetime) -> None:
    """Mark as read what somebody was told long ago, at each of their desks."""
    old = Notification.objects.filter(created_at__lt=now - READ_AFTER)
    for company in (None, *Company.objects.filter(memberships__user=user)):
        reading.mark_read(notifications=old, user=user, company=company, at=now)
