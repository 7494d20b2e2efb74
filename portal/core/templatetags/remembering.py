"""`{% remember "name" key … %}…{% endremember %}`: a part of a page that is the same for all who share its keys.

It is drawn once a generation of kept pages in each process (portal.core.page_cache); what it asks of the database is
asked then alone, if the context holds it lazily. Where a key is unknown, as in a preview, it is drawn each time.

`{% personal "name" %}…{% endpersonal %}`: a part that is one reader's own on a page that readers share
(portal.core.shared_pages). Parts of the same name are the same on all such pages; none stands in `{% remember %}`.
"""

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

from portal.core import page_cache, shared_pages

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
        return page_cache.remembered(keys, lambda: self.draw(context))

    def draw(self, context: Context) -> SafeString:
        """Draw the part. Raises TemplateSyntaxError if it holds something personal, which others would get."""
        before = shared_pages.parts_of(getattr(context, "request", None))
        drawn = self.nodelist.render(context)
        if shared_pages.parts_of(getattr(context, "request", None)) != before:
            raise template.TemplateSyntaxError("A personal part cannot be remembered: others would get it.")
        return drawn


@register.tag
def remember(parser: Parser, token: Token) -> RememberNode:
    """Read the tag: the first key is the part's own name."""
    keys = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endremember",))
    parser.delete_first_token()
    return RememberNode(nodelist, keys)


class PersonalNode(template.Node):
    """A part of the reader's own."""

    def __init__(self, nodelist: NodeList, name: FilterExpression) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Context) -> SafeString:
        """Draw the part, and note it with the request."""
        drawn = self.nodelist.render(context)
        shared_pages.note_part(getattr(context, "request", None), self.name.resolve(context), drawn)
        return drawn


@register.tag
def personal(parser: Parser, token: Token) -> PersonalNode:
    """Read the tag and its name."""
    _, name = token.split_contents()
    nodelist = parser.parse(("endpersonal",))
    parser.delete_first_token()
    return PersonalNode(nodelist, parser.compile_filter(name))
