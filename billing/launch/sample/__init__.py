"""A small product that is joined to the portal as any product would be; it imports nothing of the portal.

`make run` starts it three times, as ERP, SACCO and Payroll. Its books are made up and live in memory. docs/products.md
explains to developers of products what it does.
"""
