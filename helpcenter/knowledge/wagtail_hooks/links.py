"""Links to pages within texts, with the place in the page that they point at."""

from typing import Any
from urllib.parse import quote

from django.utils.html import escape
from draftjs_exporter.dom import DOM
from wagtail import hooks
from wagtail.admin.rich_text.converters.contentstate import link_entity
from wagtail.admin.rich_text.converters.html_to_contentstate import ExternalLinkElementHandler, PageLinkElementHandler
from wagtail.models import Page, Site
from wagtail.rich_text.pages import PageLinkHandler


class PlaceLinkHandler(PageLinkHandler):
    """Renders links to pages of this site from the tree alone: one short query for a text, whatever it links to."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        """An opening tag for each link; without a target when the page is gone."""
        ids = {attrs["id"] for attrs in attrs_list if attrs.get("id", "").isdecimal()}
        paths = {str(pk): path for pk, path in Page.objects.filter(pk__in=ids).values_list("pk", "url_path")}
        return [cls._tag(attrs, paths.get(attrs.get("id", ""), "")) for attrs in attrs_list]

    @classmethod
    def _tag(cls, attrs: dict[str, str], url_path: str) -> str:
        root = next(
            (site.root_path for site in Site.get_site_root_paths() if url_path.startswith(site.root_path)), None
        )
        if root is None:
            return "<a>"
        place = f"#{quote(attrs['fragment'])}" if attrs.get("fragment") else ""
        return f'<a href="{escape("/" + url_path.removeprefix(root) + place)}">'


class PlaceLinkElementHandler(PageLinkElementHandler):
    """Lets the editor know the place."""

    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, Any]:
        """Data of the link, kept as it is unless an editor chooses another page."""
        return {**super().get_attribute_data(attrs), "fragment": attrs.get("fragment", "")}


def place_link_entity(props: dict[str, Any]) -> Any:
    """The link as it is stored."""
    if props.get("id") is None or not props.get("fragment"):
        return link_entity(props)
    stored = {"linktype": "page", "id": props["id"], "fragment": props["fragment"]}
    return DOM.create_element("a", stored, props["children"])


@hooks.register("register_rich_text_features", order=10)
def register_place_links(features: Any) -> None:
    """Take over from Wagtail's own links, which know no place in a page."""
    features.register_link_type(PlaceLinkHandler)
    rule = {
        "from_database_format": {
            "a[href]": ExternalLinkElementHandler("LINK"),
            'a[linktype="page"]': PlaceLinkElementHandler("LINK"),
        },
        "to_database_format": {"entity_decorators": {"LINK": place_link_entity}},
    }
    features.register_converter_rule("contentstate", "link", rule)
