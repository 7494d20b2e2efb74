"""What may be done with money: one module a subject, such as `invoices.issue`."""
