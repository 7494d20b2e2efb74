"""GitHub over REST: asking, figures, what a token may, signatures of webhooks. Nothing here writes rows."""
