"""`include` that draws a component once for the same words.

A component is included with `only`, so what it draws depends on its parameters alone. Where all of them are plain
words, numbers and flags, the drawing is kept in the process: an icon or a button costs a look-up instead of half a
hundred calls. What holds objects, lists or a token is drawn each time. Built into every template (settings.TEMPLATES,
`builtins`).
"""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.loader_tags import IncludeNode, do_include
from django.utils.safestring import SafeData, SafeString

register = template.Library()

FOLDER = "components/"
NEVER = frozenset({"csrf_token"})
MOST = 5000
LONGEST = 300
_drawn: dict[tuple[Any, ...], SafeString] = {}


class ComponentNode(IncludeNode):
    """An include of a component, kept once drawn."""

    def render(self, context: Context) -> SafeString:
        """Draw the component, or take the kept drawing."""
        key = None if context.template is None or context.template.engine.debug else self.key(context)
        if key is None:
            return super().render(context)
        drawn = _drawn.get(key)
        if drawn is None:
            if len(_drawn) >= MOST:
                _drawn.clear()
            drawn = _drawn[key] = super().render(context)
        return drawn

    def key(self, context: Context) -> tuple[Any, ...] | None:
        """Template and parameters, or None where a parameter is not plain."""
        parts: list[Any] = [self.template.var]
        for name, expression in self.extra_context.items():
            value = expression.resolve(context)
            if not is_plain(value):
                return None
            parts += (name, value, isinstance(value, SafeData), isinstance(value, bool))
        return tuple(parts)


def forget() -> None:
    """Draw everything anew from now on."""
    _drawn.clear()


def is_plain(value: object) -> bool:
    """Whether equal values of this kind always look the same; long texts are not worth keeping."""
    return value is None or isinstance(value, bool | int) or (isinstance(value, str) and len(value) <= LONGEST)


@register.tag("include")
def do_component(parser: Parser, token: Token) -> IncludeNode:
    """Django's include, but for components with `only` and no token among their parameters."""
    node: IncludeNode = do_include(parser, token)
    name = getattr(node.template, "var", None)
    if not (node.isolated_context and isinstance(name, str) and name.startswith(FOLDER)):
        return node
    if NEVER & node.extra_context.keys():
        return node
    return ComponentNode(node.template, extra_context=node.extra_context, isolated_context=True)
