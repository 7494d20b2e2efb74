"""Forms by which somebody comes with a company, or by an invitation."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.accounts.forms.account import SignupForm
from portal.accounts.forms.companies import CompanyFields, consent_field
from portal.accounts.models import Invitation, User
from portal.accounts.services import companies, consents, invitations


class AccountForm(SignupForm):
    """A person alone: whoever comes without a company agrees to the same texts."""

    consent = consent_field()

    field_order = (*SignupForm.field_order, "consent")

    @transaction.atomic
    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make account and consent together; nothing for what filled in the hidden field."""
        user, response = super().try_save(request)
        if user is not None:
            consents.give(user=user, at=timezone.now())
        return user, response


class RegistrationForm(SignupForm, CompanyFields):
    """A person and a company, in one step."""

    consent = consent_field()

    field_order = (
        "first_name",
        "last_name",
        "email",
        "password1",
        "password2",
        "company_name",
        "country",
        "industry",
        "size",
        "consent",
    )

    @transaction.atomic
    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make account, company and consent together; nothing for what filled in the hidden field."""
        user, response = super().try_save(request)
        if user is not None:
            company = companies.register(owner=user, **self.company_values())
            consents.give(user=user, at=timezone.now(), company=company)
        return user, response


class InvitedForm(SignupForm):
    """An account for an invited address; the link that was mailed there has proved it."""

    consent = consent_field()

    field_order = ("first_name", "last_name", "email", "password1", "password2", "consent")

    def __init__(self, *args: Any, invitation: Invitation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.invitation = invitation
        # A disabled field keeps its initial value, whatever is sent.
        self.fields["email"].disabled = True
        self.fields["email"].initial = invitation.email

    @transaction.atomic
    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the account and join the company, together. Raises what keeps the invitation from being accepted."""
        user, response = super().try_save(request)
        if user is not None:
            now = timezone.now()
            consents.give(user=user, at=now, company=self.invitation.company)
            EmailAddress.objects.filter(user=user).update(verified=True)
            invitations.accept(invitation=self.invitation, user=user, at=now)
        return user, response
