"""Pages that the browser looks at: each address of the access matrix that somebody gets as a page, and help pages."""

from tests.access import MATRIX

# Not pages for people: answers to programs, fragments, and files.
NO_PAGES = {
    "/healthz",
    "/readyz",
    "/manifest.webmanifest",
    "/service-worker.js",
    "/sitemap.xml",
    "/sitemap-help.xml",
    "/llms.txt",
    "/help/feed/",
    "/brand/accent-00695c.css",
    "/help/search/suggest/?q=inv",
    "/customer/notifications/bell/",
}
PROGRAMS = ("/api/", "/dashboard/live/", "/.well-known/")
FILES = ".csv"
HELP = ["/help/payroll/", "/help/payroll/run/", "/help/payroll/undo/", "/help/payroll/first/", "/help/payroll/wrong/"]
ACCOUNTS = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]
STYLES = ["foundations", "forms", "figures", "lists", "messages", "articles", "work", "training"]
FOR_OWNERS = ["/accounts/email/", "/accounts/password/change/", "/accounts/logout/"]
ANONYMOUS = ["/", "/help/search/?q=payroll", "/help/search/?q=zzzzqqq", "/no-such-page/", *HELP, *ACCOUNTS]


def pages() -> list[tuple[str, str]]:
    """(person, address) of each page, the anonymous visitor preferred."""
    found = [("anonymous", address) for address in ANONYMOUS] + [("owner", address) for address in FOR_OWNERS]
    found.append(("owner", "/help/payroll/run/"))
    found += [("anonymous", f"/styleguide/{name}/") for name in STYLES[1:]]
    for row in MATRIX.values():
        readers = [name for name, status in row.answers.items() if status == 200]
        is_other = row.example.startswith(PROGRAMS) or row.example.endswith(FILES) or row.example in NO_PAGES
        if row.method == "get" and readers and not is_other:
            found.append((readers[0], row.example))
    return found
