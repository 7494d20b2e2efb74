"""What accounts erases of a person and of a company."""

from datetime import datetime
from functools import partial

from allauth.account.models import EmailAddress
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from portal.accounts.models import (
    Archive,
    Authenticator,
    Company,
    Invitation,
    JoinRequest,
    Membership,
    RecoveryCodes,
    SignIn,
    TokenFamily,
    User,
    VerificationDocument,
)
from portal.accounts.services import archives, sign_ins
from portal.activity import services as activity
from portal.core import files
from portal.core.privacy import Eraser, Erasing, Kept

FORMER_MEMBER = "Former member"

TEXTS = [
    "legal_name",
    "registration_number",
    "industry",
    "size",
    "website",
    "email",
    "phone",
    "billing_email",
    "billing_street",
    "billing_city",
    "billing_region",
    "billing_postal_code",
    "billing_country",
    "labs_url",
    "email_domain",
]
PROOF = Kept(
    "What was agreed to, with version and time, and a fingerprint of the address",
    "It proves the agreement while claims can be made from it.",
    "erasures",
)


def erase_person(erasing: Erasing[User]) -> None:
    """Take away everything by which the account names a person or lets them in; its events and decisions stay."""
    user, at = erasing.owner, erasing.at
    leave_companies(Membership.objects.filter(user=user).select_related("company", "user"), at)
    end_sign_ins(user, at)
    archives.forget(Archive.objects.of(user, None))
    JoinRequest.objects.filter(user=user).delete()
    Invitation.objects.filter(email__in=erasing.addresses).delete()
    EmailAddress.objects.filter(user=user).delete()
    for profile in UserProfile.objects.filter(user=user):
        files.delete_on_commit(profile.avatar)
        profile.delete()
    ModelLogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk)).update(
        label=FORMER_MEMBER
    )
    anonymise(user, at)


def anonymise(user: User, at: datetime) -> None:
    """Leave an account that is nobody's."""
    user.email = f"{user.public_id.hex}@erased.invalid"
    user.first_name = user.last_name = ""
    user.is_active, user.last_login, user.erased_at = False, None, user.erased_at or at
    user.second_factor_at = None
    user.set_unusable_password()
    user.groups.clear()
    user.user_permissions.clear()
    user.save()


def end_sign_ins(user: User, at: datetime) -> None:
    """Let nobody be signed in, nor sign in."""
    keys = [sign_in.session_key for sign_in in SignIn.objects.filter(user=user, ended_at=None)]
    transaction.on_commit(partial(sign_ins.delete_sessions, keys), robust=True)
    for model in (SignIn, TokenFamily, Authenticator, RecoveryCodes):
        model._default_manager.filter(user=user).delete()


def erase_company(erasing: Erasing[Company]) -> None:
    """Take away who the company is and who belongs to it."""
    company, at = erasing.owner, erasing.at
    leave_companies(Membership.objects.filter(company=company).select_related("company", "user"), at)
    archives.forget(Archive.objects.of(None, company))
    for model in (TokenFamily, Invitation, JoinRequest):
        model._default_manager.filter(company=company).delete()
    for paper in VerificationDocument.objects.filter(verification__company=company):
        files.delete_on_commit(paper.file)
        paper.delete()
    company.verifications.update(reason="")
    files.delete_on_commit(company.logo)
    company.name, company.slug = "Former company", f"former-{company.public_id.hex}"
    company.logo, company.tax_id, company.email_domain_verified_at = "", None, None
    company.is_active, company.erased_at = False, company.erased_at or at
    for name in TEXTS:
        setattr(company, name, "")
    company.save()


def leave_companies(memberships: "QuerySet[Membership]", at: datetime) -> None:
    """End memberships, and write that down."""
    for membership in memberships.order_by("pk"):
        person, company = membership.user, membership.company
        membership.delete()
        activity.record(verb="member.left", actor=person, company=company, subject=person, at=at)


PERSON = Eraser(
    "Your name, addresses, password, second factor, picture, sign-ins, archives, memberships and requests to join",
    erase_person,
    keeps=(PROOF,),
)
COMPANY = Eraser(
    "The company's profile, logo, tax number, documents, members' access, invitations and archives",
    erase_company,
    keeps=(PROOF,),
)
