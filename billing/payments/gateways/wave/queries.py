"""What Wave is asked, in GraphQL. Its public schema: https://developer.waveapps.com/hc/en-us/articles/360019968212."""

INVOICE_FIELDS = """
fragment InvoiceFields on Invoice {
  id status poNumber viewUrl
  total { value currency { code } }
  amountDue { value currency { code } }
  amountPaid { value currency { code } }
}
"""
INVOICE = (
    """
query ($business: ID!, $invoice: ID!) {
  business(id: $business) { invoice(id: $invoice) { ...InvoiceFields } }
}
"""
    + INVOICE_FIELDS
)
NEWEST_INVOICES = (
    """
query ($business: ID!, $page: Int!) {
  business(id: $business) {
    invoices(page: $page, pageSize: 50, sort: [CREATED_AT_DESC]) {
      pageInfo { currentPage totalPages }
      edges { node { ...InvoiceFields } }
    }
  }
}
"""
    + INVOICE_FIELDS
)
CUSTOMERS = """
query ($business: ID!, $page: Int!) {
  business(id: $business) {
    customers(page: $page, pageSize: 100, sort: [CREATED_AT_DESC]) {
      pageInfo { currentPage totalPages }
      edges { node { id displayId } }
    }
  }
}
"""
PRODUCTS = """
query ($business: ID!, $page: Int!) {
  business(id: $business) {
    products(page: $page, pageSize: 100, sort: [CREATED_AT_ASC]) {
      pageInfo { currentPage totalPages }
      edges { node { id isSold isArchived } }
    }
  }
}
"""
CUSTOMER_CREATE = """
mutation ($input: CustomerCreateInput!) {
  customerCreate(input: $input) { didSucceed inputErrors { path message code } customer { id } }
}
"""
INVOICE_CREATE = (
    """
mutation ($input: InvoiceCreateInput!) {
  invoiceCreate(input: $input) { didSucceed inputErrors { path message code } invoice { ...InvoiceFields } }
}
"""
    + INVOICE_FIELDS
)
INVOICE_APPROVE = (
    """
mutation ($input: InvoiceApproveInput!) {
  invoiceApprove(input: $input) { didSucceed inputErrors { path message code } invoice { ...InvoiceFields } }
}
"""
    + INVOICE_FIELDS
)
INVOICE_SEND = """
mutation ($input: InvoiceSendInput!) {
  invoiceSend(input: $input) { didSucceed inputErrors { path message code } }
}
"""
INVOICE_DELETE = """
mutation ($input: InvoiceDeleteInput!) {
  invoiceDelete(input: $input) { didSucceed inputErrors { path message code } }
}
"""
