"""Invoices and credit notes as files: the page that people read, with the data that programs read inside."""
