"""Ways to sign in, for the pages that do."""

from django import template

from portal.accounts import ways_in

register = template.Library()


@register.simple_tag
def other_ways_in() -> list[dict[str, str]]:
    """Buttons beside the password."""
    return ways_in.offered()
