"""`{% remember "name" key … %}…{% endremember %}`: a part of a page that is the same for all who share its keys.

It is drawn once a generation of kept pages in each process (portal.core.page_cache); what it asks of the database is
asked then alone, if the context holds it lazily. Where a key is unknown, as in a preview, it is drawn each time.
"""

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

from portal.core import page_cache

register = template.Library()


class RememberNode(template.Node):
    """A part with its keys."""

    def __init__(self, nodelist: NodeList, keys: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.keys = keys

    def render(self, context: Context) -> SafeString:
        """Draw the part, or take what was drawn."""
        keys = tuple(key.resolve(context, ignore_failures=True) for key in self.keys)
        if None in keys:
            return self.nodelist.render(context)
        return page_cache.remembered(keys, lambda: self.nodelist.render(context))


@register.tag
def remember(parser: Parser, token: Token) -> RememberNode:
    """Read the tag: the first key is the part's own name."""
    keys = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endremember",))
    parser.delete_first_token()
    return RememberNode(nodelist, keys)
