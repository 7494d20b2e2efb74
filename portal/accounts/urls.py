"""Addresses of accounts, beside those of django-allauth."""

from django.urls import path
from django.views.generic import RedirectView

from portal.accounts.views import (
    companies,
    desks,
    invitations,
    members,
    registration,
    second_factor,
    sessions,
    verification,
)

urlpatterns = [
    path("dashboard/", desks.dashboard, name="dashboard"),
    path("desks/switch/", desks.switch_desk, name="switch-desk"),
    path("accounts/second-factor/", second_factor.index, name="second-factor"),
    path("accounts/second-factor/set-up/", second_factor.set_up, name="second-factor-set-up"),
    path("accounts/second-factor/step/", second_factor.step, name="second-factor-step"),
    path("accounts/second-factor/recovery-codes/", second_factor.recovery_codes, name="second-factor-codes"),
    path("accounts/second-factor/disable/", second_factor.disable, name="second-factor-disable"),
    path("accounts/sessions/", sessions.index, name="sessions"),
    path("accounts/sessions/others/revoke/", sessions.revoke_others, name="sessions-revoke-others"),
    path("accounts/sessions/<uuid:public_id>/revoke/", sessions.revoke, name="session-revoke"),
    path("legal/<slug:kind>/", registration.consent_text, name="consent-text"),
    path("customer/register/", registration.register, name="register"),
    path("customer/login/", registration.CustomerLogin.as_view(), name="customer-login"),
    path("customer/settings/", companies.profile, name="company"),
    path("customer/settings/edit/", companies.edit, name="company-edit"),
    path("customer/settings/address/", companies.address, name="company-address"),
    path("customer/settings/logo/", companies.set_logo, name="company-set-logo"),
    path("customer/settings/domain/", companies.set_domain, name="company-domain"),
    path("customer/logos/<uuid:company_id>/", companies.logo, name="company-logo"),
    path("customer/settings/verification/", verification.status, name="verification"),
    path("customer/settings/verification/submit/", verification.submit, name="verification-submit"),
    path("customer/settings/verification/withdraw/", verification.withdraw, name="verification-withdraw"),
    path("customer/settings/verification/documents/", verification.add, name="verification-add"),
    path(
        "customer/settings/verification/documents/<uuid:document_id>/",
        verification.document,
        name="verification-document",
    ),
    path(
        "customer/settings/verification/documents/<uuid:document_id>/remove/",
        verification.remove,
        name="verification-remove",
    ),
    path("customer/members/", members.index, name="members"),
    path("customer/members/invite/", members.invite, name="member-invite"),
    path("customer/team/invite/", RedirectView.as_view(pattern_name="member-invite")),
    path("customer/members/leave/", members.leave, name="member-leave"),
    path("customer/members/<uuid:person_id>/", members.member, name="member"),
    path("customer/members/<uuid:person_id>/remove/", members.remove, name="member-remove"),
    path("customer/members/<uuid:person_id>/transfer/", members.transfer, name="member-transfer"),
    path("customer/invitations/<uuid:invitation_id>/resend/", members.resend, name="invitation-resend"),
    path("customer/invitations/<uuid:invitation_id>/revoke/", members.revoke, name="invitation-revoke"),
    path("customer/invitations/<slug:token>/", invitations.invitation, name="invitation"),
    path("customer/join/", invitations.joinable, name="join"),
    path("customer/join/<uuid:company_id>/", invitations.ask_to_join, name="join-ask"),
]
