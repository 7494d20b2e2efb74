"""Limits of the company's plans: what is used of them, and when they will be reached."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format

from billing.usage import forecasts, registry, series
from billing.usage.choice import Choice
from billing.usage.forecasts import Forecast
from billing.usage.registry import Consumption
from billing.usage.series import Series, Span
from portal.accounts.models import Company
from portal.core.widgets import Period


def page(company: Company, choice: Choice, *, today: date) -> dict[str, Any]:
    """The limits plan by plan, of the chosen product or of all; whatever days were chosen, they hold now."""
    known = [one for read in registry.consumptions.all() for one in read(company)]
    asked = [one for one in known if choice.product is None or choice.product.pk in one.products]
    found = of(company, asked, today=today)
    plans = {one.plan: [row for row in found if row["plan"] == one.plan] for one in asked}
    return {"plans": list(plans.items()), "furthest": forecasts.FURTHEST_DAYS}


def of(company: Company, consumptions: Sequence[Consumption], *, today: date) -> list[dict[str, Any]]:
    """Each limit as the page shows it; the series of the last four weeks are read once for all of them."""
    weeks = Span(Period(today - timedelta(days=forecasts.DAYS), today))
    found = series.read(company, weeks) if any(one.metric for one in consumptions) else []
    return [row(one, forecast(one, found, today=today)) for one in consumptions]


def forecast(one: Consumption, found: Sequence[Series], *, today: date) -> Forecast | None:
    """The forecast of one limit, from the series of the products of its plan; None where they do not report it."""
    of_it = [row for row in found if row.metric == one.metric and row.product.pk in one.products]
    if not of_it:
        return None
    values = [sum(values) for values in zip(*(row.values for row in of_it), strict=True)]
    return forecasts.of(one, values, known_days=max(map(known_days, of_it)), today=today)


def known_days(row: Series) -> int:
    """For how many days before today there have been figures, 28 at most."""
    if row.whole_before.events or row.sums[0].last is not None:
        return len(row.sums)
    first = next((place for place, sums in enumerate(row.sums) if sums.events), len(row.sums))
    return len(row.sums) - first


def row(one: Consumption, forecast: Forecast | None) -> dict[str, Any]:
    """One limit as components/usage_meter.html takes it, with its forecast in words."""
    used = "–" if one.used is None else f"{one.used:,}"
    return {
        "plan": one.plan,
        "label": one.label,
        "used": used,
        "limit": "no limit" if one.limit is None else f"of {one.limit:,}",
        "percent": one.used * 100 // one.limit if one.used is not None and one.limit else 0,
        "note": "Not counted yet" if one.used is None else "",
        "forecast": words(one, forecast) if forecast else "",
        "is_near": bool(forecast and forecast.reached_on and not forecast.is_reached),
        "reckoning": forecast.reckoning if forecast else "",
    }


def words(one: Consumption, forecast: Forecast) -> str:
    """What is to be expected, in a sentence; what does not start anew has no end to be named."""
    if not forecast.is_known:
        return ""
    if forecast.is_reached:
        return "The limit is reached."
    if forecast.reached_on:
        return f"Expected to reach the limit on {date_format(forecast.reached_on, 'j F Y')}."
    if one.metric and one.metric.kind == series.Kind.LEVEL:
        return "Not expected to reach the limit within a year."
    return f"Not expected to reach the limit before it starts anew on {date_format(one.ends_on, 'j F Y')}."
