"""The pages that every portal has."""

from wagtail.models import Page, Site

from helpcenter.knowledge.models import HelpIndexPage
from home.models import DashboardPage, HomePage
from home.setup import layouts


def create() -> None:
    """Make what is missing of home page, help center and dashboards."""
    home = front_door()
    if not HelpIndexPage.objects.exists():
        introduction = "Guides, answers and walk-throughs for your products and your account."
        home.add_child(instance=HelpIndexPage(title="Help center", slug="help", introduction=introduction))
    for kind, (title, greeting, body) in layouts.DASHBOARDS.items():
        if not DashboardPage.objects.filter(desk_kind=kind).exists():
            page = DashboardPage(title=title, slug=f"dashboard-{kind}", desk_kind=kind, greeting=greeting, body=body)
            home.add_child(instance=page)
            page.save_revision().publish()


def front_door() -> HomePage:
    """The home page, in place of the one that Wagtail starts with."""
    home = HomePage.objects.first()
    if home is None:
        root = Page.objects.get(depth=1)
        home = HomePage(title="Home", slug="front", **layouts.HOME)
        root.add_child(instance=home)
        site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
        site.root_page, site.site_name = home, "Portal"
        site.save()
        Page.objects.filter(depth=2, slug="home").exclude(pk=home.pk).delete()
    return home
