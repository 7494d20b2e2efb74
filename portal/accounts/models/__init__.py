"""People, the companies they belong to, and what they may do there."""

from portal.accounts.models.archives import Archive
from portal.accounts.models.choices import Industry, Size
from portal.accounts.models.companies import Company, Membership
from portal.accounts.models.consents import Consent, ConsentText
from portal.accounts.models.erasures import Erasure, ErasureMail
from portal.accounts.models.invitations import Invitation, InvitationMail, JoinRequest
from portal.accounts.models.retention import RetentionPeriod
from portal.accounts.models.second_factor import Authenticator, RecoveryCodes
from portal.accounts.models.sign_ins import SignIn
from portal.accounts.models.tokens import TokenFamily
from portal.accounts.models.users import User
from portal.accounts.models.verifications import Verification, VerificationDocument

__all__ = [
    "Archive",
    "Authenticator",
    "Company",
    "Consent",
    "ConsentText",
    "Erasure",
    "ErasureMail",
    "Industry",
    "Invitation",
    "InvitationMail",
    "JoinRequest",
    "Membership",
    "RecoveryCodes",
    "RetentionPeriod",
    "SignIn",
    "Size",
    "TokenFamily",
    "User",
    "Verification",
    "VerificationDocument",
]
