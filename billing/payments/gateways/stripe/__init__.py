"""Stripe: cards on its hosted pages, saved methods charged without the customer, refunds, disputes, webhooks."""
