"""Brings a folder of articles into the help center, and again when they have changed."""

from helpcenter.knowledge.services.importing.report import Outcome, Report, Result
from helpcenter.knowledge.services.importing.running import import_folder

__all__ = ["Outcome", "Report", "Result", "import_folder"]
