"""What the person at the terminal is told once the portal answers."""

PASSWORD = "demo-portal-pass"
SIGN_INS = (
    ("owner@savanna.example", "owner of Savanna Foods; admin@, billing@ and viewer@ are its members"),
    ("owner@ridgeline.example", "owner of Ridgeline SACCO, past due"),
    ("owner@northwind.example", "owner of Northwind Labs: team, projects and contracts"),
    ("developer@talent.example", "independent developer, active at Northwind; junior@ waits for approval"),
    ("agency@talent.example", "admin of an agency with naomi@ and tariq@, developers at two companies"),
    ("reseller@partners.example", "Gold reseller"),
    ("editor@portal.example", "content editor: the address below, then /admin/"),
    ("support@portal.example", "support agent; finance@ and staff@ are finance and administrator"),
)


def text(address: str) -> str:
    """Return the address and the demo sign-ins, as a table."""
    width = max(len(sign_in) for sign_in, _ in SIGN_INS)
    rows = [f"  {sign_in:<{width}}  {description}" for sign_in, description in SIGN_INS]
    heading = f"Demo sign-ins, all with the password {PASSWORD}:"
    return "\n".join(["", heading, *rows, "", f"The portal runs at {address}/ — Ctrl-C ends it.", ""])


def products(running: list[str]) -> str:
    """Return where the sample products are, of which there is at least one."""
    named = f"{', '.join(running[:-1])} and {running[-1]}" if running[1:] else running[0]
    return f"Sample products: {named}; a click on their cards opens them.\n"
