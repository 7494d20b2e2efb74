"""From nodes to Markdown that reads back as the same nodes."""

from helpcenter.knowledge.markdown.writing.elements import write_nodes
from helpcenter.knowledge.markdown.writing.guides import troubleshooting_nodes, tutorial_nodes

__all__ = ["troubleshooting_nodes", "tutorial_nodes", "write_nodes"]
