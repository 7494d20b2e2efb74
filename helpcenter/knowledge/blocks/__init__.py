"""Blocks that help pages are made of. Each has a template under templates/knowledge/blocks/ and a preview."""

from helpcenter.knowledge.blocks.bodies import HelpBodyBlock, SimpleBodyBlock
from helpcenter.knowledge.blocks.guides import NodesBlock, TutorialStepBlock

__all__ = ["HelpBodyBlock", "NodesBlock", "SimpleBodyBlock", "TutorialStepBlock"]
