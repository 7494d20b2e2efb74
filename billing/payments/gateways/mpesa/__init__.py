"""M-Pesa by Safaricom's Daraja: a push to the customer's phone (STK), its callback, and asking after silence."""
