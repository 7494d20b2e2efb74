"""What people chose to be told, where and when."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.errors import DomainError
from portal.notifications.models import ContactSettings, Preference
from portal.notifications.models.deliveries import Channel
from portal.notifications.registry import Kind, Section, sections

if TYPE_CHECKING:
    from portal.accounts.models import User

Choice = Preference.Choice


class NotOffered(DomainError):
    """This section or channel does not know that choice."""

    code = "not_offered"


class PhoneNotConfirmed(DomainError):
    """Nobody knows whose phone an SMS would reach."""

    code = "phone_not_confirmed"


def offered(section: Section, channel: str) -> list[Choice]:
    """What can be chosen: a digest comes by e-mail and never keeps what is urgent."""
    if channel == Channel.EMAIL and not section.urgent:
        return [Choice.NOW, Choice.DAILY, Choice.NEVER]
    return [Choice.NOW, Choice.NEVER]


def default(section: Section, channel: str) -> Choice:
    """What holds for somebody who has chosen nothing; kinds of one section may differ, then the louder one is shown."""
    told = any(kind.email if channel == Channel.EMAIL else kind.sms for kind in section.kinds)
    return Choice.NOW if told else Choice.NEVER


def chosen_by(people: Iterable[int], rules: Kind) -> dict[tuple[int, str], str]:
    """The choice of each person and channel for one kind, by the keys of the people."""
    found = {
        (person, channel.value): str(Choice.NOW if on else Choice.NEVER)
        for person in people
        for channel, on in ((Channel.EMAIL, rules.email), (Channel.SMS, rules.sms))
    }
    rows = Preference.objects.filter(user__in={person for person, _channel in found}, section=rules.section)
    for row in rows if found else ():
        found[row.user_id, row.channel] = row.choice
    if rules.own_mail:
        found.update({place: str(Choice.NEVER) for place in found if place[1] == Channel.EMAIL})
    return found


def of_person(user: "User") -> dict[tuple[str, str], str]:
    """The choice for each section and channel, as a form shows them."""
    found = {
        (section.key, channel.value): str(default(section, channel)) for section in sections() for channel in Channel
    }
    rows = Preference.objects.filter(user=user)
    return found | {(row.section, row.channel): row.choice for row in rows if (row.section, row.channel) in found}


@transaction.atomic
def choose(*, user: "User", choices: Mapping[tuple[str, str], str]) -> None:
    """Keep choices by section and channel; what equals what held before makes no row.

    Raises NotOffered, and PhoneNotConfirmed for SMS to somebody without a confirmed number.
    """
    known = {section.key: section for section in sections()}
    before = of_person(user)
    wants_sms = any(
        channel == Channel.SMS and choice == Choice.NOW != before.get((key, channel))
        for (key, channel), choice in choices.items()
    )
    if wants_sms and not contact_settings(user).confirmed_phone:
        raise PhoneNotConfirmed(_("Confirm your mobile number before you choose SMS."))
    for (key, channel), choice in choices.items():
        if key not in known or choice not in offered(known[key], channel):
            raise NotOffered(_("This cannot be chosen here."))
        if before[key, channel] != choice:
            Preference.objects.update_or_create(user=user, section=key, channel=channel, defaults={"choice": choice})


def contact_settings(user: "User") -> ContactSettings:
    """How the person is reached, as kept or as it is for everybody."""
    return ContactSettings.objects.filter(user=user).first() or ContactSettings(user=user, time_zone=settings.TIME_ZONE)


@transaction.atomic
def unsubscribe(*, user: "User", section: str) -> None:
    """Send no more e-mails of this section; without one, no digests: what waited for them is never told by e-mail."""
    if section:
        choose(user=user, choices={(section, Channel.EMAIL): Choice.NEVER})
    else:
        Preference.objects.filter(user=user, channel=Channel.EMAIL, choice=Choice.DAILY).update(choice=Choice.NEVER)
