"""Projects, their milestones and developers, and repositories."""

from portal.projects.models.deliveries import Delivery
from portal.projects.models.labs import LabsAccount, LabsProject, LabsReach, LabsReading
from portal.projects.models.projects import Milestone, Project, ProjectDeveloper
from portal.projects.models.repositories import Contribution, Repository, RepositoryFigures, Synchronisation

__all__ = [
    "Contribution",
    "Delivery",
    "LabsAccount",
    "LabsProject",
    "LabsReach",
    "LabsReading",
    "Milestone",
    "Project",
    "ProjectDeveloper",
    "Repository",
    "RepositoryFigures",
    "Synchronisation",
]
