"""Settings every way of running shares. What differs stands in development.py, production.py and test.py."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.contrib.postgres.fields import ArrayField

from portal.core import logging as portal_logging
from portal.settings.services import *

# Generic classes of the type stubs, such as QuerySet["Company"], work when the program runs too.
django_stubs_ext.monkeypatch(extra_classes=[ArrayField])

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()
VAR_DIR = Path(env.str("PORTAL_VAR", default="") or BASE_DIR / "var").absolute()

DEBUG = False
DEVELOPMENT = False
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "home",
    "resellers",
    "helpcenter.knowledge",
    "billing.launch",
    "billing.payments",
    "billing.subscriptions",
    "billing.invoicing",
    "billing.usage",
    "billing.catalog",
    "portal.contracts",
    "portal.projects",
    "portal.teams",
    "portal.accounts",
    "portal.approvals",
    "portal.notifications",
    "portal.activity",
    "portal.core",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.idp.oidc",
    "django_otp",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "djmoney",
    "django_fsm",
    "django_htmx",
    "django_structlog",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    # First: a kept page costs next to nothing, not even two lines of log.
    "portal.core.page_cache.AnonymousPageCacheMiddleware",
    "portal.core.reader_cache.ReaderPageCacheMiddleware",
    "portal.core.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.core.compression.TextCompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.core.middleware.AdminContentSecurityPolicyMiddleware",
    "portal.core.middleware.TextPathMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.accounts.sign_in_middleware.SignInMiddleware",
    "portal.accounts.middleware.DeskMiddleware",
    "portal.accounts.second_factor_gate.SecondFactorGate",
    "portal.accounts.consent_gate.ConsentGate",
    "portal.projects.labs.leading.FormsThatLeadToLabs",
    "billing.launch.middleware.FormsThatLeadToProducts",
    "portal.core.middleware.DomainErrorMiddleware",
    "helpcenter.knowledge.middleware.ReadableRedirectMiddleware",
    "helpcenter.knowledge.middleware.PageChangeMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "portal.accounts.context_processors.shell",
                "portal.notifications.context_processors.bell",
                "home.context_processors.brand",
            ],
            "builtins": ["portal.core.templatetags.components_once"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
ATOMIC_REQUESTS = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL")
CACHES = {"default": {"BACKEND": "portal.core.redis_cache.RedisCache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.cache"

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "portal.core.tasks.heartbeat", "schedule": 20.0},
    "sweep-jobs": {"task": "portal.core.tasks.sweep_jobs", "schedule": 15.0},
    "end-closed-sessions": {"task": "billing.launch.tasks.end_closed_sessions", "schedule": 20.0},
    "seal-events": {"task": "portal.activity.tasks.seal_events", "schedule": 60.0},
    "end-assignments": {"task": "portal.teams.tasks.end_assignments", "schedule": 300.0},
    "remind-of-endings": {"task": "portal.teams.tasks.remind_of_endings", "schedule": 3600.0},
    "process-contracts": {"task": "portal.contracts.tasks.process_contracts", "schedule": crontab(minute=2)},
    "queue-digests": {"task": "portal.notifications.tasks.queue_digests", "schedule": 300.0},
    "publish-scheduled": {"task": "helpcenter.knowledge.tasks.publish_scheduled", "schedule": 60.0},
    "renew-verifications": {"task": "portal.accounts.tasks.renew_verifications", "schedule": 3600.0},
    "process-subscriptions": {"task": "billing.subscriptions.tasks.process_subscriptions", "schedule": 3600.0},
    "roll-up-usage": {"task": "billing.usage.tasks.roll_up_usage", "schedule": 60.0},
    "ask-gateways": {"task": "billing.payments.tasks.ask_gateways", "schedule": 20.0},
    "generate-invoices": {"task": "billing.invoicing.tasks.generate_invoices", "schedule": crontab(hour=4, minute=0)},
    "follow-contracts": {"task": "billing.invoicing.tasks.follow_contracts", "schedule": crontab(minute=10)},
    "warn-of-expiry": {"task": "billing.payments.tasks.warn_of_expiry", "schedule": crontab(hour=8, minute=20)},
    "keep-demo-going": {"task": "billing.payments.tasks.keep_demo_going", "schedule": crontab(minute=5)},
    "clean-up": {"task": "portal.accounts.tasks.clean_up", "schedule": crontab(hour=3, minute=30)},
    "read-labs": {"task": "portal.projects.tasks.read_labs", "schedule": crontab(hour=5, minute=10)},
    "sync-repositories": {"task": "portal.projects.tasks.sync_repositories", "schedule": crontab(hour=2, minute=40)},
    "check-health": {"task": "billing.launch.tasks.check_health", "schedule": 60.0},
    "check-links": {"task": "helpcenter.knowledge.tasks.check_links", "schedule": 24 * 3600.0},
}
for _entry in CELERY_BEAT_SCHEDULE.values():
    # While no worker is there nothing piles up: what the scheduler asks for again is not done for the time before.
    if isinstance(_entry["schedule"], float):
        _entry["options"] = {"expires": _entry["schedule"]}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "portal.accounts.backends.AccountBackend",
    # Sessions that began before the portal had a backend of its own name this one.
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/dashboard/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_UNIQUE_EMAIL = True
# A new account works at once; what needs a verified address asks for it then.
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_PREVENT_ENUMERATION = True
# Added to allauth's own: who tries address after address is held up, and nobody is mailed about it again and again.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {
    "signup": "20/m/ip,200/d/ip",
    "taken_address": "1/d/key",
    "labs_sign_in": "20/m/ip",
}
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
# A field that people do not see: what fills it in is no person, and makes no account.
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "fax"
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.account.LoginForm",
    "signup": "portal.accounts.forms.registration.AccountForm",
    "add_email": "portal.accounts.forms.account.AddEmailForm",
    "reset_password": "portal.accounts.forms.account.ResetPasswordForm",
    "reset_password_from_key": "portal.accounts.forms.account.ResetPasswordKeyForm",
    "change_password": "portal.accounts.forms.account.ChangePasswordForm",
    "set_password": "portal.accounts.forms.account.SetPasswordForm",
    "reauthenticate": "portal.accounts.forms.account.ReauthenticateForm",
}

# Products are signed in to the portal by OpenID Connect; docs/operations.md says how keys are exchanged.
IDP_OIDC_ADAPTER = "billing.launch.adapter.ProviderAdapter"
OIDC_PRIVATE_KEYS = env.str("OIDC_PRIVATE_KEYS", default="")

# Whether staff and owners of companies must have a second factor; everybody may.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=True)

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Africa/Nairobi"
USE_I18N = True
USE_TZ = True
DEFAULT_CURRENCY = "KES"
# In which amounts can be kept; another one is another migration, as the choices stand there.
CURRENCIES = ["GBP", "KES", "RWF", "TZS", "UGX", "USD"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Outside MEDIA_ROOT: no address leads here, a view hands a file out (portal.core.files).
    "private": {
        "BACKEND": "portal.core.files.PrivateFolder",
        "OPTIONS": {"location": VAR_DIR / "private", "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "portal.core.staticfiles.BundlingStaticFilesStorage"},
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
# Addresses are unique without regard to case, by a constraint that the check does not look for.
# Wagtail's previews stand in frames of our own (security.W019).
SILENCED_SYSTEM_CHECKS = ["auth.W004", "auth.E003", "security.W019"]
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
CSRF_FAILURE_VIEW = "home.views.errors.without_token"
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True

FIELD_ENCRYPTION_KEYS = env.list("FIELD_ENCRYPTION_KEYS", default=[])
# The folder of pg_dump and psql; those of the embedded server, else of the PATH, without one.
POSTGRES_PROGRAMS = env.str("POSTGRES_PROGRAMS", default="")

# What nobody configured sends nothing: mail and SMS become rows, which in development staff read at /outbox/.
EMAIL_BACKEND = "portal.notifications.mail_backend.OutboxBackend"
EMAIL_TIMEOUT = 30
OUTBOX = False
DEFAULT_FROM_EMAIL = "Tamarind <hello@portal.example>"

SMS_BACKEND = env.str("SMS_BACKEND", default="portal.notifications.sms.outbox")
SMS_URL = env.str("SMS_URL", default="https://api.africastalking.com/version1/messaging")
SMS_USERNAME = env.str("SMS_USERNAME", default="")
SMS_API_KEY = env.str("SMS_API_KEY", default="")
SMS_SENDER = env.str("SMS_SENDER", default="")
SMS_ACCEPTED_CODES = env.list("SMS_ACCEPTED_CODES", cast=int, default=[100, 101, 102])
# Several while a secret is exchanged; without one every report is refused.
MAILERSEND_WEBHOOK_SECRETS = env.list("MAILERSEND_WEBHOOK_SECRET", default=[])
MAILERSEND_WEBHOOK_MAX_AGE_HOURS = env.int("MAILERSEND_WEBHOOK_MAX_AGE_HOURS", default=48)

WAGTAIL_SITE_NAME = "Tamarind"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 20
WAGTAILIMAGES_IMAGE_FORM_BASE = "portal.core.images.ImageForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILIMAGES_RENDITION_STORAGE = "portal.core.storages.disk.UnguessableFiles"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "portal.core.documents.DocumentForm"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "txt", "xlsx", "zip", "mp4", "webm"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50 * 1024 * 1024
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILEMBEDS_FINDERS: list[dict[str, object]] = []
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
# Passwords and addresses are changed on the portal's own pages, which ask for proof.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# How often a minute one address may ask while nobody is signed in; a school or an office shares one address.
ANONYMOUS_A_MINUTE = {"search": 120, "suggest": 600}
# The same, whoever asks: to verify a document may cost seconds of a processor.
EVERYBODY_A_MINUTE = {"verify": 20}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["portal.core.api.moments.PortalJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "portal.core.api.throttles.ByAddress",
        "portal.core.api.throttles.ByPerson",
        "portal.core.api.throttles.ByScope",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "120/min", "user": "600/min", "sign-in": "20/min", "product": "1200/min"},
    "NUM_PROXIES": 0,
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DATETIME_FORMAT": None,
    "EXCEPTION_HANDLER": "portal.core.api.problem_details",
}
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=10),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=14),
    "ISSUER": BASE_URL,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Portal API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "portal.core.api.schema.with_problems",
    ],
    "SERVE_URLCONF": "portal.api_urls",
    "SERVE_INCLUDE_SCHEMA": False,
    # Its deploy check walks Wagtail's own admin API; a test checks ours.
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "ENUM_NAME_OVERRIDES": {
        "CompanyVerification": "portal.accounts.models.companies.Company.Verification",
        "VerificationStatus": "portal.accounts.models.verifications.Verification.Status",
        "ApprovalStatus": "portal.approvals.models.Approval.Status",
        "SubscriptionStatus": "billing.subscriptions.models.Subscription.Status",
        "InvoiceStatus": "billing.invoicing.models.Invoice.Status",
        "PaymentStatus": "billing.payments.models.Payment.Status",
        "ContractStatus": "portal.contracts.models.Contract.Status",
        "ContractType": "portal.contracts.models.Contract.Type",
        "SignerStatus": "portal.contracts.models.Signer.Status",
        "LineItemStatus": "portal.contracts.models.ContractLineItem.Status",
        "LineItemKind": "portal.contracts.models.ContractLineItem.Kind",
        "ProjectType": "portal.projects.models.Project.Type",
        "HelpPageType": "helpcenter.knowledge.models.documents.Kind",
        "ProjectStatus": "portal.projects.models.Project.Status",
        "RepositoryState": "portal.projects.models.Repository.State",
        "SynchronisationState": "billing.launch.models.ProductSync.State",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

PAGE_CACHE_SECONDS = 300
# "process": pages kept in each web process; "shared": in the cache server, those read most near as well; "off".
PAGE_CACHE = env.str("PAGE_CACHE", default="process")
PAGE_CACHE_NEAR_BYTES = env.int("PAGE_CACHE_NEAR_BYTES", default=4 * 1024 * 1024)

LOGGING = portal_logging.config(json=False, level=env.str("LOG_LEVEL", default="INFO"))
DJANGO_STRUCTLOG_CELERY_ENABLED = True
