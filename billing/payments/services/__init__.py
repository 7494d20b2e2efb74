"""What may be done with payments: one module a subject, such as `payments.begin`."""
