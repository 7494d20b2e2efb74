"""From nodes to the raw values of StreamField blocks."""

from helpcenter.knowledge.markdown.shaping.blocks import Block, clip, shape
from helpcenter.knowledge.markdown.shaping.guides import shape_troubleshooting, shape_tutorial

__all__ = ["Block", "clip", "shape", "shape_troubleshooting", "shape_tutorial"]
