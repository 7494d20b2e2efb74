"""A help center exported from Zendesk."""

import json
from pathlib import Path

from helpcenter.knowledge.markdown import zendesk
from helpcenter.knowledge.markdown.document import Document
from helpcenter.knowledge.markdown.folder import SourceFolder
from tests.helpcenter.knowledge.markdown.round_trip import blocks_of
from tests.helpcenter.knowledge.markdown.writing_files import write_files

CATEGORIES = {"categories": [{"id": 1, "name": "Guides", "description": "All guides", "position": 2}]}
SECTIONS = {"sections": [{"id": 2, "name": "Payroll", "category_id": 1}]}
ARTICLES = {
    "articles": [
        {
            "id": 3, "title": "Run", "section_id": 2, "label_names": ["pay", "run"], "user_segment_id": None,
            "body": '<h2>First</h2><p>See <a href="https://x.zendesk.com/hc/en-us/articles/4-Undo">Undo</a></p>'
            '<img src="https://x.zendesk.com/hc/article_attachments/9/a.png" alt="Shot">',
        },
        {"id": 4, "title": "Undo", "section_id": 2, "body": "<p>Words.</p>", "user_segment_id": 8},
        {"id": 5, "title": "Later", "section_id": 2, "body": "<p>x</p>", "draft": True},
    ]
}  # fmt: skip


def read(root: Path, **more: str) -> list[Document | zendesk.Left]:
    files: dict[str, str | bytes] = {
        "categories.json": json.dumps(CATEGORIES), "sections.json": json.dumps(SECTIONS),
        "articles.json": json.dumps(ARTICLES), "attachments/a.png": b"x",
        **{f"{name}.json": content for name, content in more.items()},
    }  # fmt: skip
    return list(zendesk.read(SourceFolder.scan(write_files(root, files))))


def test_categories_and_sections_are_topics_and_articles_stand_in_them(tmp_path: Path) -> None:
    documents = [found for found in read(tmp_path) if isinstance(found, Document)]
    assert [(found.path, found.meta.title) for found in documents] == [
        ("category-1/", "Guides"),
        ("category-1/section-2/", "Payroll"),
        ("category-1/section-2/article-3", "Run"),
        ("category-1/section-2/article-4", "Undo"),
    ]
    assert (documents[0].meta.summary, documents[0].meta.order) == ("All guides", 2.0)


def test_bodies_become_blocks_with_links_and_attachments(tmp_path: Path) -> None:
    run = next(found for found in read(tmp_path) if isinstance(found, Document) and found.meta.title == "Run")
    assert [block["type"] for block in blocks_of(run.nodes)] == ["heading", "text", "image"]
    assert "page:category-1/section-2/article-4" in repr(run.nodes)
    assert run.meta.keywords == "pay, run"


def test_heading_of_a_body_stays_below_the_title_of_its_article(tmp_path: Path) -> None:
    articles = {"articles": [{"id": 3, "title": "Run", "section_id": 2, "body": "<h1>Before</h1><p>Words.</p>"}]}
    (document,) = (d for d in read(tmp_path, articles=json.dumps(articles)) if isinstance(d, Document) and d.nodes)
    assert (document.meta.title, document.meta.seo_title) == ("Run", "")
    assert [block["type"] for block in blocks_of(document.nodes)] == ["heading", "text"]


def test_restricted_article_is_never_opened_to_more_readers(tmp_path: Path) -> None:
    undo = next(found for found in read(tmp_path) if isinstance(found, Document) and found.meta.title == "Undo")
    assert undo.meta.audience == ("staff",)
    assert undo.warnings == ("Who belongs to the user segment 8 is not known; the page is kept for staff.",)
    segments = json.dumps({"user_segments": [{"id": 8, "user_type": "signed_in_users"}]})
    known = next(
        f for f in read(tmp_path, user_segments=segments) if isinstance(f, Document) and f.meta.title == "Undo"
    )
    assert known.meta.audience == ("customers",)


def test_drafts_and_broken_files_are_told(tmp_path: Path) -> None:
    left = [found for found in read(tmp_path, broken="{") if isinstance(found, zendesk.Left)]
    assert [(found.path, found.is_harmless) for found in left] == [("broken.json", False), ("articles/5", True)]
