"""Pictures with captions, videos and files."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from bs4.element import PageElement, Tag

from helpcenter.knowledge.markdown.nodes import Download, Image, Node, Nodes, Paragraph, Span, Video, plain
from helpcenter.knowledge.markdown.reading.inlines import read_spans
from helpcenter.knowledge.markdown.reading.surroundings import Surroundings

Read = Callable[[Iterable[PageElement], Surroundings], Nodes]
VIDEO_MARK = re.compile(r"\[!VIDEO\s+(\S+?)(?:\s+[\"“](.*)[\"”])?\s*\]", re.IGNORECASE)
# Addresses of the players that pages embed, and those of the pages that show the same video.
PLAYERS = [
    (
        re.compile(r"^(?:https?:)?//(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+).*"),
        r"https://www.youtube.com/watch?v=\1",
    ),
    (re.compile(r"^(?:https?:)?//player\.vimeo\.com/video/(\d+).*"), r"https://vimeo.com/\1"),
    (re.compile(r"^(?:https?:)?//(?:www\.)?loom\.com/embed/(\w+).*"), r"https://www.loom.com/share/\1"),
    (
        re.compile(r"^(?:https?:)?//fast\.wistia\.(?:com|net)/embed/iframe/(\w+).*"),
        r"https://fast.wistia.net/medias/\1",
    ),
]
HOSTED_VIDEO = re.compile(r"^https?://(?:www\.)?(?:microsoft\.com/[\w-]+/videoplayer|learn-video\.|channel9\.)")


def read_frame(tag: Tag, around: Surroundings) -> list[Node]:
    """A frame of a video is a video; any other frame is a link."""
    address = str(tag.get("src", ""))
    title = str(tag.get("title", ""))
    if not address:
        return []
    page = video_page(address)
    if page != address or HOSTED_VIDEO.match(page):
        return [Video(page, title)]
    around.warn(f"The frame of {page} is kept as a link.")
    return [Paragraph((Span(title or page, (), page),))]


def read_embed(tag: Tag, around: Surroundings) -> list[Node]:
    """A picture as Wagtail stores it in rich text; the cleaner leaves none in foreign text."""
    if tag.get("embedtype") != "image":
        return []
    return [Image(around.image(f"image:{tag.get('id', '')}"), str(tag.get("alt", "")))]


def video_page(address: str) -> str:
    """The address of the page that shows a video, for that of its player."""
    for player, page in PLAYERS:
        if player.match(address):
            return player.sub(page, address)
    return f"https:{address}" if address.startswith("//") else address


def read_video(tag: Tag, around: Surroundings) -> list[Node]:
    """A video by its first source; what stands inside for old browsers is not needed."""
    inner = tag.find("source")
    source = str(tag.get("src") or (inner.get("src", "") if isinstance(inner, Tag) else ""))
    src = around.link(source) if source else ""
    if src:
        return [Video(src, str(tag.get("title", "")))]
    text = read_spans(tag.children, around)
    return [Paragraph(text)] if text else []


def read_figure(tag: Tag, around: Surroundings, read: Read) -> list[Node]:
    """A figure; its caption becomes that of the picture in it."""
    caption = tag.find("figcaption")
    text = plain(read_spans(caption.children, around)) if isinstance(caption, Tag) else ""
    nodes = list(read([child for child in tag.children if child is not caption], around))
    if text and len(nodes) == 1 and isinstance(nodes[0], Image):
        return [replace(nodes[0], caption=text)]
    return [*nodes, Paragraph((Span(text, ("i",)),))] if text else nodes


def recognise(node: Node, around: Surroundings) -> list[Node]:
    """Paragraphs that are a video mark or nothing but a link to a file are what they stand for."""
    if not isinstance(node, Paragraph):
        return [node]
    video = VIDEO_MARK.fullmatch(plain(node.spans))
    if video:
        address = video_page(video[1])
        return [Video(around.link(address) or address, video[2] or "")]
    targets = {span.href for span in node.spans}
    if len(targets) == 1 and all(target.startswith("file:") for target in targets):
        return [Download(targets.pop(), plain(node.spans))]
    return [node]
