"""What can go wrong in asking Labs, in words for the person. None of them holds a token or a piece of an answer."""

from portal.core.errors import DomainError


class LabsError(DomainError):
    """Labs gave nothing that we can use."""

    code = "labs"


class Refused(LabsError):
    """Labs does not accept the token, the code or the person."""

    code = "labs_refused"


class Unreachable(LabsError):
    """Labs did not answer, or not in a way that we understand: nothing is known, and later may be better."""

    code = "labs_unreachable"


class NotOffered(LabsError):
    """Labs has nothing of this kind to show to this token."""

    code = "labs_not_offered"
