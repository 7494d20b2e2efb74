"""Keys and addresses of what others run for the portal: payment gateways, GitHub, time stamps; and its own seal."""

import environ

env = environ.Env()

# What contracts are sealed with, as PEM or the path of a file of it; docs/operations.md says how it is exchanged.
SEAL_CERTIFICATE = env.str("SEAL_CERTIFICATE", default="")
SEAL_KEY = env.str("SEAL_KEY", default="")
SEAL_KEY_PASSPHRASE = env.str("SEAL_KEY_PASSPHRASE", default="")
# A server of trusted time stamps (RFC 3161); without one contracts say that they have none.
TIMESTAMP_URL = env.str("TIMESTAMP_URL", default="")
TIMESTAMP_USER = env.str("TIMESTAMP_USER", default="")
TIMESTAMP_PASSWORD = env.str("TIMESTAMP_PASSWORD", default="")
TIMESTAMP_CERTIFICATES = env.str("TIMESTAMP_CERTIFICATES", default="")

# Each gateway works once its keys are set; docs/operations.md says where they come from.
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
# For pages with Stripe's own fields in them; those of Checkout need none.
STRIPE_PUBLISHABLE_KEY = env.str("STRIPE_PUBLISHABLE_KEY", default="")
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRET", default=[])
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="").rstrip("/")
WAVE_ACCESS_TOKEN = env.str("WAVE_ACCESS_TOKEN", default="")
WAVE_BUSINESS_ID = env.str("WAVE_BUSINESS_ID", default="")
WAVE_PRODUCT_ID = env.str("WAVE_PRODUCT_ID", default="")
WAVE_API_URL = env.str("WAVE_API_URL", default="https://gql.waveapps.com/graphql/public")
# Wave has not published its webhooks: these three are what an account's own settings show.
WAVE_WEBHOOK_SECRETS = env.list("WAVE_WEBHOOK_SECRET", default=[])
WAVE_WEBHOOK_HEADER = env.str("WAVE_WEBHOOK_HEADER", default="")
WAVE_WEBHOOK_INVOICE = env.str("WAVE_WEBHOOK_INVOICE", default="data.invoice.id")
MPESA_CONSUMER_KEY = env.str("MPESA_CONSUMER_KEY", default="")
MPESA_CONSUMER_SECRET = env.str("MPESA_CONSUMER_SECRET", default="")
MPESA_SHORTCODE = env.str("MPESA_SHORTCODE", default="")
MPESA_PASSKEY = env.str("MPESA_PASSKEY", default="")
MPESA_TILL = env.str("MPESA_TILL", default="")
MPESA_API_URL = env.str("MPESA_API_URL", default="https://api.safaricom.co.ke").rstrip("/")
MPESA_CALLBACK_URL = env.str("MPESA_CALLBACK_URL", default="")
GITHUB_API_URL = env.str("GITHUB_API_URL", default="https://api.github.com").rstrip("/")
# For webhooks of all repositories; each repository may have a secret of its own besides.
GITHUB_WEBHOOK_SECRETS = env.list("GITHUB_WEBHOOK_SECRET", default=[])
# A card gateway of our own, which moves no money: for demo and tests, never where money is meant.
PAYMENT_SANDBOX = env.bool("PAYMENT_SANDBOX", default=False)

# Buildly Labs: people link their account there by OAuth 2.0 once the portal has a client id, else by an API token.
LABS_API_URL = env.str("LABS_API_URL", default="https://labs.buildly.io").rstrip("/")
LABS_AUTHORIZE_URL = env.str("LABS_AUTHORIZE_URL", default="") or f"{LABS_API_URL}/oauth/authorize"
LABS_TOKEN_URL = env.str("LABS_TOKEN_URL", default="") or f"{LABS_API_URL}/oauth/token"
LABS_CLIENT_ID = env.str("LABS_CLIENT_ID", default="")
LABS_CLIENT_SECRET = env.str("LABS_CLIENT_SECRET", default="")
LABS_SCOPE = env.str("LABS_SCOPE", default="read")
