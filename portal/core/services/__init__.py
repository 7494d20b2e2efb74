"""Use cases without a subject of their own: numbers, idempotency, jobs, encryption, health."""
