"""A help center with a page of each type, for the readers of two companies."""

from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from billing.subscriptions.models import ProductAccess
from helpcenter.knowledge.markdown.unshaping import item_values
from helpcenter.knowledge.models import (
    ArticlePage,
    FAQPage,
    HelpPage,
    TopicPage,
    TroubleshootingPage,
    TutorialPage,
)
from portal.accounts.models import Company, User
from tests.helpcenter.knowledge.pages import block, links_to, made, text


def items(*values: Any) -> list[dict[str, Any]]:
    """The items of a list in a block."""
    return [block("item", value) for value in values]


def picture() -> dict[str, Any]:
    """A block with a picture of its own."""
    image = get_image_model().objects.create(title="Chart", file=get_test_image_file(filename="chart.png"))
    chosen = {"image": image.pk, "alt_text": "A chart: up & up", "decorative": False}
    return block("image", {"image": chosen, "caption": "“Sales” of *May*"})


def attachment() -> dict[str, Any]:
    """A block with a file of its own."""
    form = ContentFile(b"%PDF-1.4 form", name="form.pdf")
    stored = get_document_model().objects.create(title="Form", file=form)
    return block("download", {"document": stored.pk, "title": "The form"})


def body() -> list[dict[str, Any]]:
    """A block of every type."""
    image = picture()["value"]["image"]["image"]
    shown = f'<p>Up.</p><embed embedtype="image" format="cell" id="{image}" alt="It\'s | “up”"/>'
    cells = [{"values": ["<p>one | <b>two</b></p>", shown]}]
    columns = [{"type": "text", "heading": "Name"}, {"type": "text", "heading": ""}]
    inside = [text("<p>Within.</p>"), block("code", {"language": "", "code": "x = 1", "caption": ""})]
    return [
        text('<p>Words with <b>bold</b>, <code>code</code> and a <a href="https://x.example/">link</a>.</p>'),
        block("heading", {"text": "Before # you start", "level": "2", "anchor": "start"}),
        text("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        block("callout", {"kind": "warning", "title": "Mind", "text": "<p>::: {{this}} [!NOTE]</p>"}),
        block("code", {"language": "sql", "code": "SELECT 1;\n\n-- ```", "caption": "A query"}),
        block("table", {"columns": columns, "rows": cells, "caption": "Table of names"}),
        picture(),
        attachment(),
        block("steps", items({"title": "First", "body": inside}, {"title": "", "body": [text("<p>Second.</p>")]})),
        block("accordion", {"items": items({"title": "Who?", "body": [text("<p>You.</p>")]})}),
        block("video", {"title": "Seen", "url": "https://v.example/1", "file": None, "transcript": "<p>Said.</p>"}),
    ]


def furnish(company: Company, other_company: Company, editor: User) -> None:
    """Make the pages."""
    ours = made(TopicPage, "Ours", companies=[company], icon="book-open", summary="What we know.")
    theirs = made(TopicPage, "Theirs", companies=[other_company])
    article = made(
        ArticlePage, "An article: all blocks", ours, body=body(), keywords="one, two", review_on=date(2027, 1, 31),
        reviewer=editor, seo_title="Blocks: an overview",
    )  # fmt: skip
    made(FAQPage, "Is it?", theirs, body=[text("<p>Yes.</p>")], audience=["customers"])
    step = {"title": "Open it", "body": [text("<p>Press.</p>"), picture()]}
    made(
        TutorialPage, "Learn", ours, body=[text("<p>Hello.</p>")], steps=[block("step", step)], minutes=7,
        video_url="https://v.example/2", related=[article],
    )  # fmt: skip
    answers = items({"label": "Yes", "goto": "end", "page": None}, {"label": "No", "goto": "", "page": article.pk})
    nodes = [
        {"key": "begin", "title": "Is it on?", "body": [text("<p>Look.</p>")], "answers": answers},
        {"key": "end", "title": "Good", "body": [], "answers": []},
    ]
    made(TroubleshootingPage, "Fix", ours, nodes=[block("node", node) for node in nodes])
    made(ArticlePage, "Index", theirs, body=[links_to(article)], products=company_products(company))
    Redirect.objects.create(old_path="/help/old", redirect_page=article)


def company_products(company: Company) -> list[Any]:
    """The products that a company uses."""
    return [access.product for access in ProductAccess.objects.filter(company=company)]


def state() -> list[Any]:
    """Everything of every page that an export keeps, in the order of the tree, keys and ids told by what they name."""
    return [_state(page.specific) for page in HelpPage.objects.order_by("path")]


def _state(page: Any) -> dict[str, Any]:
    names = (
        "title",
        "seo_title",
        "slug",
        "summary",
        "keywords",
        "audience",
        "review_on",
        "icon",
        "minutes",
        "video_url",
        "live",
    )
    streams = ("body", "steps", "nodes")
    return {
        "type": page.kind,
        "address": page.url,
        **{name: getattr(page, name, None) for name in names},
        **{name: _without_keys(list(getattr(page, name).raw_data)) for name in streams if hasattr(page, name)},
        "owner": page.reviewer and page.reviewer.email,
        "products": sorted(page.audience_products.values_list("slug", flat=True)),
        "companies": sorted(page.audience_companies.values_list("company__slug", flat=True)),
        "related": [relation.related.title for relation in page.relations.all()],
        "redirects": sorted(Redirect.objects.filter(redirect_page_id=page.pk).values_list("old_path", flat=True)),
    }


def _without_keys(value: Any, name: str = "") -> Any:
    models: dict[str, Any] = {"page": HelpPage, "image": get_image_model(), "document": get_document_model()}
    if isinstance(value, list):
        return [_without_keys(inner, name) for inner in (item_values(value) if name == "pages" else value)]
    if isinstance(value, dict):
        return {name: _without_keys(inner, name) for name, inner in value.items() if name != "id"}
    model = models.get(name.removesuffix("s"))
    return model.objects.get(pk=value).title if model and value else value
