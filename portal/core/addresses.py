"""Addresses that people type: pages of the portal, other sites, mail and telephone; never a script."""

PATTERN = r"^(/(?!/)|#|https?://|mailto:|tel:)[^\s\\]*$"
INVALID = "Write an address such as /help/erp/ or https://example.com/."
