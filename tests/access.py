"""Who gets which answer at which address: the access matrix.

Each row names an address by its URL pattern, an example of it, and the status for each of the cast; `EVERYONE` is the
default. A pattern that is not listed fails the test, so that nobody adds a page without saying who may see it.
"""

from tests.access_rows import (
    APPROVERS_ONLY,
    MANAGERS,
    MEMBERS,
    NOBODY,
    NOBODYS,
    OWNERS,
    PAYERS,
    SIGNED_IN,
    STAFF,
    VIEWERS_OF_BILLING,
    Row,
    members,
    nobodys,
    only,
)
from tests.cast import CAST
from tests.portal.contracts.access import CONTRACTS

MATRIX: dict[str, Row] = {
    **CONTRACTS,
    "healthz": Row("/healthz"),
    "readyz": Row("/readyz", dict.fromkeys(CAST, 503)),
    "^brand/accent-(?P<color>[0-9a-fA-F]{6})\\.css$": Row("/brand/accent-00695c.css"),
    "manifest.webmanifest": Row("/manifest.webmanifest"),
    "service-worker.js": Row("/service-worker.js"),
    "offline/": Row("/offline/"),
    "verify/": Row("/verify/"),
    "verify/<slug:code>/": Row("/verify/0000-0000-0000-0000/", dict.fromkeys(CAST, 404)),
    "customer/contracts/<uuid:public_id>.pdf": Row(f"/customer/contracts/{NOBODYS}.pdf", only()),
    "dashboard/": Row("/dashboard/", dict.fromkeys(CAST, 302)),
    # Who looks at it names the desk that the page was made for.
    "dashboard/live/": Row("/dashboard/live/?desk=staff:vendor", only(*STAFF)),
    "dashboard/remember/": Row("/dashboard/remember/", dict.fromkeys(CAST, 302), "post"),
    "desks/switch/": Row("/desks/switch/", {**dict.fromkeys(CAST, 404), "anonymous": 302}, "post"),
    "customer/dashboard/": Row("/customer/dashboard/", only(*MEMBERS)),
    "accounts/second-factor/": Row("/accounts/second-factor/", SIGNED_IN),
    # Setting up asks for the password again; the others lead away who has no second factor.
    "accounts/second-factor/set-up/": Row("/accounts/second-factor/set-up/", dict.fromkeys(CAST, 302)),
    "accounts/second-factor/step/": Row("/accounts/second-factor/step/", dict.fromkeys(CAST, 302)),
    "accounts/second-factor/recovery-codes/": Row("/accounts/second-factor/recovery-codes/", dict.fromkeys(CAST, 302)),
    "accounts/second-factor/disable/": Row("/accounts/second-factor/disable/", dict.fromkeys(CAST, 302)),
    "accounts/sessions/": Row("/accounts/sessions/", SIGNED_IN),
    "accounts/sessions/others/revoke/": Row("/accounts/sessions/others/revoke/", dict.fromkeys(CAST, 302), "post"),
    "accounts/sessions/<uuid:public_id>/revoke/": Row(f"/accounts/sessions/{NOBODYS}/revoke/", only(), "post"),
    "accounts/labs/": Row("/accounts/labs/", SIGNED_IN),
    # The portal is not known at Labs here: nobody is led there.
    "accounts/labs/link/": Row("/accounts/labs/link/", only()),
    "accounts/labs/token/": Row("/accounts/labs/token/", SIGNED_IN),
    "accounts/labs/unlink/": Row("/accounts/labs/unlink/", dict.fromkeys(CAST, 302)),
    "accounts/labs/read/": Row("/accounts/labs/read/", dict.fromkeys(CAST, 302), "post"),
    "accounts/labs/sign-in/": Row("/accounts/labs/sign-in/", dict.fromkeys(CAST, 404), "post"),
    "accounts/labs/callback/": Row("/accounts/labs/callback/", dict.fromkeys(CAST, 302)),
    "accounts/privacy/": Row("/accounts/privacy/", SIGNED_IN),
    "accounts/privacy/archive/": Row("/accounts/privacy/archive/", SIGNED_IN),
    "accounts/privacy/archives/<uuid:archive_id>/": Row(f"/accounts/privacy/archives/{NOBODYS}/", only()),
    # Nothing new waits for anybody of the cast.
    "accounts/privacy/consents/": Row("/accounts/privacy/consents/", dict.fromkeys(CAST, 302)),
    "accounts/privacy/consents/<slug:kind>/": Row("/accounts/privacy/consents/nonsense/", only(), "post"),
    "accounts/privacy/erasure/": Row("/accounts/privacy/erasure/", SIGNED_IN),
    "accounts/privacy/erasure/withdraw/": Row(
        "/accounts/privacy/erasure/withdraw/", dict.fromkeys(CAST, 409) | {"anonymous": 302}, "post"
    ),
    "customer/settings/privacy/erasure/": Row("/customer/settings/privacy/erasure/", members(*OWNERS)),
    "customer/settings/privacy/erasure/withdraw/": Row(
        "/customer/settings/privacy/erasure/withdraw/", members(*OWNERS, answer=409), "post"
    ),
    "customer/settings/privacy/": Row("/customer/settings/privacy/", only(*MEMBERS)),
    "customer/settings/privacy/archive/": Row("/customer/settings/privacy/archive/", members(*OWNERS)),
    "customer/settings/privacy/archives/<uuid:archive_id>/": Row(
        f"/customer/settings/privacy/archives/{NOBODYS}/", members(*OWNERS, answer=404)
    ),
    "legal/<slug:kind>/": Row("/legal/terms/"),
    "customer/register/": Row("/customer/register/"),
    "customer/login/": Row("/customer/login/", dict.fromkeys(CAST, 302) | {"anonymous": 200}),
    "customer/settings/": Row("/customer/settings/", only(*MEMBERS)),
    "customer/settings/edit/": Row("/customer/settings/edit/", members(*MANAGERS)),
    "customer/settings/address/": Row("/customer/settings/address/", members(*PAYERS)),
    "customer/settings/logo/": Row("/customer/settings/logo/", members(*MANAGERS), "post"),
    "customer/settings/domain/": Row("/customer/settings/domain/", members(*MANAGERS, answer=302), "post"),
    "customer/logos/<uuid:company_id>/": Row(f"/customer/logos/{NOBODYS}/", only()),
    "customer/settings/verification/": Row("/customer/settings/verification/", only(*MEMBERS)),
    "customer/settings/verification/submit/": Row(
        "/customer/settings/verification/submit/", members(*MANAGERS, answer=422), "post"
    ),
    "customer/settings/verification/withdraw/": Row(
        "/customer/settings/verification/withdraw/", members(*MANAGERS, answer=409), "post"
    ),
    "customer/settings/verification/documents/": Row(
        "/customer/settings/verification/documents/", members(*MANAGERS), "post"
    ),
    "customer/settings/verification/documents/<uuid:document_id>/": Row(
        f"/customer/settings/verification/documents/{NOBODYS}/", only()
    ),
    "customer/settings/verification/documents/<uuid:document_id>/view/": Row(
        f"/customer/settings/verification/documents/{NOBODYS}/view/", only()
    ),
    "customer/settings/verification/documents/<uuid:document_id>/remove/": Row(
        f"/customer/settings/verification/documents/{NOBODYS}/remove/", members(*MANAGERS, answer=404), "post"
    ),
    "customer/settings/activity/": Row("/customer/settings/activity/", only(*MEMBERS)),
    "customer/settings/activity.csv": Row("/customer/settings/activity.csv", only(*MEMBERS)),
    "customer/members/": Row("/customer/members/", only(*MEMBERS)),
    "customer/members/invite/": Row("/customer/members/invite/", members(*MANAGERS)),
    "customer/team/invite/": Row("/customer/team/invite/", dict.fromkeys(CAST, 302)),
    "customer/members/leave/": Row("/customer/members/leave/", only(*MEMBERS)),
    "customer/members/<uuid:person_id>/": Row(f"/customer/members/{NOBODYS}/", members(*MANAGERS, answer=404)),
    "customer/members/<uuid:person_id>/remove/": Row(
        f"/customer/members/{NOBODYS}/remove/", members(*MANAGERS, answer=404)
    ),
    "customer/members/<uuid:person_id>/transfer/": Row(
        f"/customer/members/{NOBODYS}/transfer/", members(*OWNERS, answer=404)
    ),
    "customer/invitations/<uuid:invitation_id>/resend/": Row(
        f"/customer/invitations/{NOBODYS}/resend/", members(*MANAGERS, answer=404), "post"
    ),
    "customer/invitations/<uuid:invitation_id>/revoke/": Row(
        f"/customer/invitations/{NOBODYS}/revoke/", members(*MANAGERS, answer=404), "post"
    ),
    "customer/invitations/<uuid:invitation_id>/": Row(f"/customer/invitations/{NOBODYS}/", only()),
    "customer/invitations/<slug:token>/": Row("/customer/invitations/no-such-token/", dict.fromkeys(CAST, 404)),
    "customer/join/": Row("/customer/join/", SIGNED_IN),
    "customer/join/<uuid:company_id>/": Row(f"/customer/join/{NOBODYS}/", only()),
    "customer/billing/statement/": Row("/customer/billing/statement/", members(*VIEWERS_OF_BILLING)),
    "customer/billing/invoices/": Row("/customer/billing/invoices/", members(*VIEWERS_OF_BILLING)),
    "customer/billing/invoices/<path:number>/": Row(
        "/customer/billing/invoices/INV-0/", members(*VIEWERS_OF_BILLING, answer=404)
    ),
    "customer/billing/invoices/<path:number>.pdf": Row(
        "/customer/billing/invoices/INV-0.pdf", members(*VIEWERS_OF_BILLING, answer=404)
    ),
    "customer/billing/credit-notes/<path:number>.pdf": Row(
        "/customer/billing/credit-notes/CN-0.pdf", members(*VIEWERS_OF_BILLING, answer=404)
    ),
    "customer/billing/": Row("/customer/billing/", members(*VIEWERS_OF_BILLING)),
    "customer/billing/settings/": Row("/customer/billing/settings/", members(*VIEWERS_OF_BILLING)),
    "customer/billing/payment-methods/": Row("/customer/billing/payment-methods/", members(*VIEWERS_OF_BILLING)),
    "customer/billing/payment-methods/add/": Row(
        "/customer/billing/payment-methods/add/", members(*PAYERS, answer=302), "post"
    ),
    "customer/billing/payment-methods/<uuid:method_id>/added/": Row(
        f"/customer/billing/payment-methods/{NOBODYS}/added/", members(*PAYERS, answer=404)
    ),
    "customer/billing/payment-methods/<uuid:method_id>/default/": Row(
        f"/customer/billing/payment-methods/{NOBODYS}/default/", members(*PAYERS, answer=404), "post"
    ),
    "customer/billing/payment-methods/<uuid:method_id>/remove/": Row(
        f"/customer/billing/payment-methods/{NOBODYS}/remove/", members(*PAYERS, answer=404)
    ),
    "customer/billing/payments/": Row("/customer/billing/payments/", members(*VIEWERS_OF_BILLING)),
    "customer/billing/payments/<uuid:payment_id>/": Row(
        f"/customer/billing/payments/{NOBODYS}/", members(*VIEWERS_OF_BILLING, answer=404)
    ),
    "customer/billing/payments/<uuid:payment_id>/cancel/": Row(
        f"/customer/billing/payments/{NOBODYS}/cancel/", members(*PAYERS, answer=404), "post"
    ),
    "customer/billing/payments/<uuid:payment_id>/receipt.pdf": Row(
        f"/customer/billing/payments/{NOBODYS}/receipt.pdf", members(*VIEWERS_OF_BILLING, answer=404)
    ),
    "customer/billing/invoices/<path:number>/pay/": Row(
        "/customer/billing/invoices/INV-0/pay/", members(*PAYERS, answer=404)
    ),
    "pay/<str:token>/": Row("/pay/no-such-token/", dict.fromkeys(CAST, 404)),
    # The sandbox stands for another company's site: whoever has the address of a payment enters a card there.
    "sandbox/<slug:reference>/": Row("/sandbox/sb_0/", dict.fromkeys(CAST, 404)),
    "sandbox/<slug:reference>/authentication/": Row("/sandbox/sb_0/authentication/", dict.fromkeys(CAST, 404)),
    "webhooks/stripe/": Row("/webhooks/stripe/", dict.fromkeys(CAST, 403), "post"),
    "webhooks/wave/": Row("/webhooks/wave/", dict.fromkeys(CAST, 403), "post"),
    "webhooks/mpesa/": Row("/webhooks/mpesa/", dict.fromkeys(CAST, 403), "post"),
    "webhooks/sandbox/": Row("/webhooks/sandbox/", dict.fromkeys(CAST, 403), "post"),
    "api/customer/billing/": Row("/api/customer/billing/", members(*VIEWERS_OF_BILLING, anonymous=401)),
    "api/business/v1/payments/": Row("/api/business/v1/payments/", members(*VIEWERS_OF_BILLING, anonymous=401)),
    "api/business/v1/payments/<uuid:payment_id>/": Row(
        f"/api/business/v1/payments/{NOBODYS}/", members(*VIEWERS_OF_BILLING, answer=404, anonymous=401)
    ),
    "api/business/v1/payment-methods/": Row(
        "/api/business/v1/payment-methods/", members(*VIEWERS_OF_BILLING, anonymous=401)
    ),
    "api/business/v1/payment-methods/<uuid:method_id>/": Row(
        f"/api/business/v1/payment-methods/{NOBODYS}/", members(*VIEWERS_OF_BILLING, answer=404, anonymous=401)
    ),
    "api/business/v1/payment-methods/<uuid:method_id>/default/": Row(
        f"/api/business/v1/payment-methods/{NOBODYS}/default/", members(*PAYERS, answer=404, anonymous=401), "post"
    ),
    "api/business/v1/invoices/<path:number>/pay/": Row(
        "/api/business/v1/invoices/INV-0/pay/", members(*PAYERS, answer=404, anonymous=401), "post"
    ),
    "api/business/v1/invoices/": Row("/api/business/v1/invoices/", members(*VIEWERS_OF_BILLING, anonymous=401)),
    "api/business/v1/invoices/<path:number>/": Row(
        "/api/business/v1/invoices/INV-0/", members(*VIEWERS_OF_BILLING, answer=404, anonymous=401)
    ),
    # They take JSON alone.
    "api/auth/login/": Row("/api/auth/login/", dict.fromkeys(CAST, 415), "post"),
    "api/auth/refresh/": Row("/api/auth/refresh/", dict.fromkeys(CAST, 415), "post"),
    "api/auth/logout/": Row("/api/auth/logout/", dict.fromkeys(CAST, 415), "post"),
    "api/business/v1/profile/": Row("/api/business/v1/profile/", only(*MEMBERS, anonymous=401)),
    "api/business/v1/verify/": Row("/api/business/v1/verify/", members(*MANAGERS, answer=400, anonymous=401), "post"),
    "api/customer/profile/": Row("/api/customer/profile/", only(*MEMBERS, anonymous=401)),
    "api/admin/customers/": Row("/api/admin/customers/", only(*STAFF, otherwise=403, anonymous=401)),
    "developer/dashboard/": Row("/developer/dashboard/", only("developer")),
    "developer/profile/": Row("/developer/profile/", SIGNED_IN),
    "developer/profile/cv/": Row("/developer/profile/cv/", only()),
    "developer/companies/<uuid:public_id>/": Row(f"/developer/companies/{NOBODY}/", only()),
    "customer/team/": Row("/customer/team/", only(*MEMBERS)),
    "customer/team/<uuid:public_id>/": Row(f"/customer/team/{NOBODY}/", only()),
    "customer/team/<uuid:public_id>/remove/": Row(f"/customer/team/{NOBODY}/remove/", APPROVERS_ONLY),
    "customer/team/<uuid:public_id>/keep/": Row(f"/customer/team/{NOBODY}/keep/", APPROVERS_ONLY, "post"),
    "customer/team/<uuid:public_id>/cv/": Row(f"/customer/team/{NOBODY}/cv/", APPROVERS_ONLY),
    "api/customer/team/": Row("/api/customer/team/", only(*MEMBERS, anonymous=401)),
    "api/customer/team/approve/<uuid:developer_id>/": Row(
        f"/api/customer/team/approve/{NOBODY}/", {**APPROVERS_ONLY, "anonymous": 401}, "post"
    ),
    "api/customer/team/reject/<uuid:developer_id>/": Row(
        f"/api/customer/team/reject/{NOBODY}/", {**APPROVERS_ONLY, "anonymous": 401}, "post"
    ),
    "api/customer/team/request-removal/<uuid:developer_id>/": Row(
        f"/api/customer/team/request-removal/{NOBODY}/", {**APPROVERS_ONLY, "anonymous": 401}, "post"
    ),
    "api/admin/developers/": Row("/api/admin/developers/", only("support", "staff", otherwise=403, anonymous=401)),
    "api/admin/developers/<uuid:developer_id>/approve/": Row(
        f"/api/admin/developers/{NOBODY}/approve/",
        {**dict.fromkeys(CAST, 403), "anonymous": 401, "support": 404, "staff": 404},
        "post",
    ),
    "customer/products/<slug:slug>/launch/": Row("/customer/products/no-such-product/launch/", only()),
    "customer/products/<slug:slug>/ask/": Row("/customer/products/no-such-product/ask/", only(), "post"),
    "api/business/v1/products/<slug:slug>/launch/": Row(
        "/api/business/v1/products/no-such-product/launch/", only(anonymous=401), "post"
    ),
    # Products ask, with credentials of their own; what a browser asks for in the name of no product is refused.
    ".well-known/openid-configuration": Row("/.well-known/openid-configuration"),
    ".well-known/jwks.json": Row("/.well-known/jwks.json"),
    "identity/o/authorize": Row("/identity/o/authorize", dict.fromkeys(CAST, 400)),
    "identity/o/logout": Row("/identity/o/logout"),
    "identity/o/api/token": Row("/identity/o/api/token", dict.fromkeys(CAST, 400), "post"),
    "identity/o/api/userinfo": Row("/identity/o/api/userinfo", dict.fromkeys(CAST, 401)),
    "identity/o/api/revoke": Row("/identity/o/api/revoke", dict.fromkeys(CAST, 400), "post"),
    "customer/plans/": Row("/customer/plans/", only(*MEMBERS)),
    # Products alone, by their own tokens: tests/billing/launch/reports/test_reports_api.py.
    "api/product/v1/activity/": Row("/api/product/v1/activity/", dict.fromkeys(CAST, 401), "post"),
    "api/product/v1/statistics/": Row("/api/product/v1/statistics/", dict.fromkeys(CAST, 401), "put"),
    "api/product/v1/synchronisation/": Row("/api/product/v1/synchronisation/", dict.fromkeys(CAST, 401), "put"),
    "api/product/v1/settings/": Row("/api/product/v1/settings/", dict.fromkeys(CAST, 401)),
    "api/business/v1/usage/": Row("/api/business/v1/usage/", only(*MEMBERS, anonymous=401)),
    "api/usage/v1/events/": Row("/api/usage/v1/events/", dict.fromkeys(CAST, 401), "post"),
    "api/business/v1/products/": Row("/api/business/v1/products/", only(*MEMBERS, anonymous=401)),
    "customer/usage/": Row("/customer/usage/", only(*MEMBERS)),
    "customer/usage/parts/<slug:name>/": Row("/customer/usage/parts/members/", only(*MEMBERS)),
    "customer/usage/file.<slug:kind>": Row("/customer/usage/file.csv", only(*MEMBERS)),
    "customer/products/": Row("/customer/products/", only(*MEMBERS)),
    # Savanna and Ridgeline have ERP or could have it; what one never had has no settings.
    "customer/products/<slug:slug>/": Row("/customer/products/erp/", only(*MEMBERS)),
    "customer/products/<slug:slug>/parts/<slug:name>/": Row(
        "/customer/products/erp/parts/plan/", {**only(*MEMBERS), "stranger": 404}
    ),
    "customer/products/<slug:slug>/settings/": Row(
        "/customer/products/erp/settings/", {**members(*MANAGERS), "stranger": 404}
    ),
    "customer/subscriptions/": Row("/customer/subscriptions/", only(*MEMBERS)),
    "customer/subscriptions/new/<slug:slug>/": Row(
        "/customer/subscriptions/new/no-such-plan/", members(*PAYERS, answer=404)
    ),
    "customer/subscriptions/quotes/<uuid:quote_id>/": Row(
        f"/customer/subscriptions/quotes/{NOBODYS}/", members(*PAYERS, answer=404)
    ),
    "customer/subscriptions/<uuid:subscription_id>/change/": Row(
        f"/customer/subscriptions/{NOBODYS}/change/", members(*PAYERS, answer=404)
    ),
    "customer/subscriptions/<uuid:subscription_id>/cancel/": Row(
        f"/customer/subscriptions/{NOBODYS}/cancel/", members(*PAYERS, answer=404)
    ),
    "customer/subscriptions/<uuid:subscription_id>/resume/": Row(
        f"/customer/subscriptions/{NOBODYS}/resume/", members(*PAYERS, answer=404), "post"
    ),
    "customer/subscriptions/<uuid:subscription_id>/keep/": Row(
        f"/customer/subscriptions/{NOBODYS}/keep/", members(*PAYERS, answer=404), "post"
    ),
    "api/business/v1/subscription/": Row("/api/business/v1/subscription/", only(*MEMBERS, anonymous=401)),
    "api/business/v1/subscribe/": Row(
        "/api/business/v1/subscribe/", members(*PAYERS, answer=415, anonymous=401), "post"
    ),
    "api/business/v1/subscription/change/": Row(
        "/api/business/v1/subscription/change/", members(*PAYERS, answer=400, anonymous=401), "put"
    ),
    "api/business/v1/subscription/cancel/": Row(
        "/api/business/v1/subscription/cancel/", members(*PAYERS, answer=415, anonymous=401), "post"
    ),
    "api/business/v1/subscription/resume/": Row(
        "/api/business/v1/subscription/resume/", members(*PAYERS, answer=415, anonymous=401), "post"
    ),
    "api/business/v1/plans/": Row("/api/business/v1/plans/", only(*MEMBERS, anonymous=401)),
    "agency/team/": Row("/agency/team/", only("agency_admin")),
    "agency/dashboard/": Row("/agency/dashboard/", only("agency_admin")),
    "reseller/dashboard/": Row("/reseller/dashboard/", only("reseller")),
    "staff/dashboard/": Row("/staff/dashboard/", only(*STAFF)),
    "customer/notifications/": Row("/customer/notifications/", SIGNED_IN),
    "customer/notifications/read/": Row("/customer/notifications/read/", dict.fromkeys(CAST, 302), "post"),
    # htmx stops asking at 286.
    "customer/notifications/bell/": Row("/customer/notifications/bell/", SIGNED_IN | {"anonymous": 286}),
    "customer/notifications/panel/": Row("/customer/notifications/panel/", SIGNED_IN),
    "customer/notifications/settings/": Row("/customer/notifications/settings/", SIGNED_IN),
    "customer/notifications/settings/address/": Row(
        "/customer/notifications/settings/address/", dict.fromkeys(CAST, 302), "post"
    ),
    "customer/notifications/settings/phone/": Row("/customer/notifications/settings/phone/", SIGNED_IN),
    # No code was sent.
    "customer/notifications/settings/phone/confirm/": Row(
        "/customer/notifications/settings/phone/confirm/", dict.fromkeys(CAST, 302)
    ),
    "customer/notifications/settings/phone/remove/": Row(
        "/customer/notifications/settings/phone/remove/", dict.fromkeys(CAST, 302), "post"
    ),
    "customer/notifications/unsubscribe/<str:token>/": Row(
        "/customer/notifications/unsubscribe/no-such-token/", dict.fromkeys(CAST, 404)
    ),
    "customer/notifications/<uuid:public_id>/": Row(f"/customer/notifications/{NOBODYS}/", only()),
    "customer/notifications/<uuid:public_id>/read/": Row(f"/customer/notifications/{NOBODYS}/read/", only(), "post"),
    "customer/projects/": Row("/customer/projects/", only(*MEMBERS)),
    "customer/projects/<uuid:public_id>/": Row(f"/customer/projects/{NOBODY}/", only()),
    "developer/projects/": Row("/developer/projects/", only("developer")),
    "developer/projects/<uuid:public_id>/": Row(f"/developer/projects/{NOBODY}/", only()),
    "api/customer/projects/": Row("/api/customer/projects/", only(*MEMBERS, anonymous=401)),
    "api/customer/projects/<uuid:public_id>/": Row(f"/api/customer/projects/{NOBODY}/", only(anonymous=401)),
    "webhooks/github/": Row("/webhooks/github/", dict.fromkeys(CAST, 403), "post"),
    "webhooks/mailersend/": Row("/webhooks/mailersend/", dict.fromkeys(CAST, 403), "post"),
    "outbox/": Row("/outbox/", only(*STAFF)),
    "outbox/<uuid:public_id>/": Row(f"/outbox/{NOBODYS}/", only()),
    "outbox/<uuid:public_id>/html/": Row(f"/outbox/{NOBODYS}/html/", only()),
    "api/customer/notifications/": Row("/api/customer/notifications/", SIGNED_IN | {"anonymous": 401}),
    "api/customer/notifications/unread/": Row("/api/customer/notifications/unread/", SIGNED_IN | {"anonymous": 401}),
    "api/customer/notifications/read/": Row(
        "/api/customer/notifications/read/", SIGNED_IN | {"anonymous": 401}, "post"
    ),
    "api/customer/notifications/<uuid:public_id>/": Row(f"/api/customer/notifications/{NOBODYS}/", only(anonymous=401)),
    "api/customer/notifications/<uuid:public_id>/read/": Row(
        f"/api/customer/notifications/{NOBODYS}/read/", only(anonymous=401), "patch"
    ),
    "customer/team/approvals/": Row("/customer/team/approvals/", only(*MEMBERS)),
    "customer/team/approvals/<uuid:public_id>/": Row(
        "/customer/team/approvals/00000000-0000-4000-8000-000000000000/", only()
    ),
    "customer/team/approvals/<uuid:public_id>/decide/": Row(
        "/customer/team/approvals/00000000-0000-4000-8000-000000000000/decide/", only(), "post"
    ),
    "help/": Row("/help/"),
    "help/search/": Row("/help/search/?q=invoice"),
    "help/search/suggest/": Row("/help/search/suggest/?q=inv"),
    "help/feed/": Row("/help/feed/"),
    "help/search/click/": Row("/help/search/click/", dict.fromkeys(CAST, 405)),
    "help/feedback/<int:page_id>/": Row("/help/feedback/999999/", dict.fromkeys(CAST, 404)),
    "help/<path:path>.pdf": Row("/help/no-such-page.pdf", dict.fromkeys(CAST, 404)),
    "help/<path:path>/": Row("/help/no-such-page/", dict.fromkeys(CAST, 404)),
    "sitemap.xml": Row("/sitemap.xml"),
    "sitemap-<section>.xml": Row("/sitemap-help.xml"),
    "llms.txt": Row("/llms.txt"),
    "api/admin/contracts/<uuid:contract_id>/line-items/": nobodys(f"/api/admin/contracts/{NOBODYS}/line-items/"),
    "api/admin/contracts/<uuid:contract_id>/enable-billing/": nobodys(
        f"/api/admin/contracts/{NOBODYS}/enable-billing/", "post"
    ),
    "api/admin/approvals/": Row("/api/admin/approvals/", only(*STAFF, otherwise=403, anonymous=401)),
    "api/customer/approvals/": Row("/api/customer/approvals/", only(*MEMBERS, anonymous=401)),
    "api/admin/approvals/<uuid:public_id>/": Row(
        f"/api/admin/approvals/{NOBODYS}/", only(otherwise=403, anonymous=401) | dict.fromkeys(STAFF, 404)
    ),
    "api/admin/approvals/<uuid:public_id>/approve/": Row(
        f"/api/admin/approvals/{NOBODYS}/approve/",
        only(otherwise=403, anonymous=401) | dict.fromkeys(STAFF, 404),
        "post",
    ),
    "api/admin/approvals/<uuid:public_id>/reject/": Row(
        f"/api/admin/approvals/{NOBODYS}/reject/",
        only(otherwise=403, anonymous=401) | dict.fromkeys(STAFF, 404),
        "post",
    ),
    "api/customer/approvals/<uuid:public_id>/": Row(f"/api/customer/approvals/{NOBODYS}/", only(anonymous=401)),
    "api/customer/approvals/<uuid:public_id>/approve/": Row(
        f"/api/customer/approvals/{NOBODYS}/approve/", only(anonymous=401), "post"
    ),
    "api/customer/approvals/<uuid:public_id>/reject/": Row(
        f"/api/customer/approvals/{NOBODYS}/reject/", only(anonymous=401), "post"
    ),
    "media/images/<path:path>": Row("/media/images/no-such-picture.webp", dict.fromkeys(CAST, 404)),
    "api/help/v1/pages/": Row("/api/help/v1/pages/"),
    "api/help/v1/pages/<uuid:id>/": Row(
        "/api/help/v1/pages/00000000-0000-4000-8000-000000000000/", dict.fromkeys(CAST, 404)
    ),
    "api/help/v1/search/": Row("/api/help/v1/search/?q=invoice"),
    "api/help/v1/suggest/": Row("/api/help/v1/suggest/?q=inv"),
    "api/schema/": Row("/api/schema/"),
    # In development only: settings decide whether these exist.
    "styleguide/": Row("/styleguide/"),
    "styleguide/<slug:name>/": Row("/styleguide/actions/"),
    "api/docs/": Row("/api/docs/"),
}
