"""The page on which a company sets what the schema of a product asks for."""

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from billing.launch import product_page
from billing.launch.forms import SettingsForm
from billing.launch.models import ProductSettings
from billing.launch.services import settings
from billing.subscriptions.models import ProductAccess
from portal.core.http import MemberRequest


def form(request: MemberRequest, access: ProductAccess) -> SettingsForm:
    """The form, filled in with what holds, or with what was sent."""
    mine = settings.of_company(request.company, access.product)
    schema = list(access.product.settings.all())
    data = request.POST if request.method == "POST" else None
    return SettingsForm(data, schema=schema, values=settings.effective(schema, mine), mine=mine)


def save(request: MemberRequest, access: ProductAccess, sent: SettingsForm, *, at: datetime) -> None:
    """Save what was sent. Raises ChangedMeanwhile, whose words say what another left; sent again, that is replaced."""
    try:
        settings.save(
            company=request.company,
            product=access.product,
            values=sent.settings,
            seen=sent.cleaned_data["seen"],
            by=request.user,
            at=at,
        )
    except settings.ChangedMeanwhile as refused:
        sent.see(refused.saved.version)
        raise settings.ChangedMeanwhile(_told(refused.saved, sent), refused.saved) from None


def _told(saved: ProductSettings, sent: SettingsForm) -> str:
    """Who saved in between, and what is saved now where it differs from what was sent."""
    left = settings.effective(sent.schema, saved)
    other = [row for row in sent.schema if left[row.key] != sent.settings[row.key]]
    now = "; ".join(f"{row.label}: {settings.words(left[row.key])}" for row in other)
    words = {"who": saved.updated_by or _("Somebody else"), "now": now}
    return _("%(who)s changed these settings while you did. Saved is now: %(now)s. Save again to replace it.") % words


def context(access: ProductAccess, shown: SettingsForm) -> dict[str, Any]:
    """The page."""
    return {
        "product": access.product,
        "form": shown,
        "has_schema": bool(shown.schema),
        "last": last(shown.mine),
        "crumbs": product_page.crumbs(access.product, _("Settings")),
    }


def last(mine: ProductSettings) -> str:
    """Who changed them last, and when."""
    if not mine.pk:
        return _("Nobody has changed them yet: everything is as the product suggests it.")
    words = {
        "who": mine.updated_by or _("somebody who has left"),
        "day": date_format(localtime(mine.updated_at), "j F Y, H:i"),
    }
    return _("Last changed by %(who)s on %(day)s.") % words
