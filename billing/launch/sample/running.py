"""What this process is: one product, with all that it holds in memory."""

from billing.launch.sample.portal import Portal
from billing.launch.sample.products import Books, Product
from billing.launch.sample.reporting import Reporter
from billing.launch.sample.sessions import Sessions


class Running:
    """Filled once, before the first request."""

    base_url: str
    product: Product
    portal: Portal
    books: Books
    sessions: Sessions
    reporter: Reporter


here = Running()
