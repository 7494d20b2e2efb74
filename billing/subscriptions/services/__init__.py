"""What may be done with subscriptions: one module a subject, such as `subscribing.quote` and `quotes.confirm`."""
