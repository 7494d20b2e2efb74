"""The sealed PDF of a contract: typeset, sealed with the vendor's certificate, stamped, and looked at again."""
