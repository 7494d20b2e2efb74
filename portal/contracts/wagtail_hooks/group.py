"""One entry of the menu for all of contracts."""

from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from portal.contracts.wagtail_hooks.contracts import ContractViewSet
from portal.contracts.wagtail_hooks.templates import ContractTemplateViewSet


class ContractsGroup(SnippetViewSetGroup):
    """Contracts and their templates."""

    items = (ContractViewSet, ContractTemplateViewSet)
    menu_label = "Contracts"
    menu_icon = "doc-full"
    menu_name = "contracts"
    menu_order = 170


register_snippet(ContractsGroup)
