"""The page of the admin on which editors make a template of a document."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from portal.accounts.models import User
from portal.contracts.models import ContractTemplate
from portal.contracts.services import importing
from portal.contracts.staff_forms import ImportForm
from portal.core.admin_actions import ActionView

NAME = "wagtailsnippets_contracts_contracttemplate"


class ImportView(ActionView):
    """Takes a document, and leads to the draft that became of it."""

    model = ContractTemplate
    permission_required = "add"
    page_title = "Import a template"
    header_icon = "upload"
    form_class: Any = ImportForm
    intro = (
        "Markdown or Word. Placeholders such as {field} and [Field] become merge fields. Read the draft against the "
        "document before you publish it. The same document again changes nothing."
    )
    done = "The document was imported. Read the draft before you publish it."

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """There is no template yet."""
        super(ActionView, self).setup(request, *args, **kwargs)
        self.object = None

    def get_page_subtitle(self) -> str:
        """Nothing."""
        return ""

    def get_success_url(self) -> str:
        """The draft, once there is one."""
        return reverse(f"{NAME}:edit", args=[self.object.pk]) if self.object else reverse(f"{NAME}:list")

    def act(self, record: None, by: User, values: dict[str, Any]) -> ContractTemplate:
        """Import it."""
        file = values["file"]
        self.object = importing.import_template(
            content=file.read(),
            file_name=file.name,
            source=f"upload:{values['name']}:{file.name}",
            by=by,
            name=values["name"],
            kind=values["type"],
        ).template
        return self.object
