"""Help pages, who may read them, what is served and searched of them, and what readers thought."""

from helpcenter.knowledge.models.audiences import Audience, Reader
from helpcenter.knowledge.models.documents import HelpDocument
from helpcenter.knowledge.models.editorial import Promotion, Synonym
from helpcenter.knowledge.models.feedback import AnswerMail, Feedback
from helpcenter.knowledge.models.links import BrokenLink, LinkCheck
from helpcenter.knowledge.models.pages import (
    ArticlePage,
    FAQPage,
    HelpIndexPage,
    HelpPage,
    HelpPageCompany,
    HelpPageRelation,
    TopicPage,
    TroubleshootingPage,
    TutorialPage,
)
from helpcenter.knowledge.models.reviewing import SecondReading
from helpcenter.knowledge.models.search import SearchDocument, Word
from helpcenter.knowledge.models.searches import SearchEvent

__all__ = [
    "AnswerMail",
    "ArticlePage",
    "Audience",
    "BrokenLink",
    "FAQPage",
    "Feedback",
    "HelpDocument",
    "HelpIndexPage",
    "HelpPage",
    "HelpPageCompany",
    "HelpPageRelation",
    "LinkCheck",
    "Promotion",
    "Reader",
    "SearchDocument",
    "SearchEvent",
    "SecondReading",
    "Synonym",
    "TopicPage",
    "TroubleshootingPage",
    "TutorialPage",
    "Word",
]
