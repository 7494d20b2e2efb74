"""From a tree of elements to nodes."""

from helpcenter.knowledge.markdown.reading.elements import read_elements
from helpcenter.knowledge.markdown.reading.surroundings import Surroundings

__all__ = ["Surroundings", "read_elements"]
