"""Addresses of the help center."""

from django.contrib.sitemaps import views as sitemaps
from django.urls import path
from django.views.decorators.http import require_safe

from helpcenter.knowledge.views import feedback, feeds, pages, search

SITEMAPS = {"front": feeds.FrontSitemap, "help": feeds.HelpSitemap}
SECTIONS = {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap-section"}

urlpatterns = [
    path("sitemap.xml", require_safe(sitemaps.index), SECTIONS, name="sitemap"),
    path("sitemap-<section>.xml", require_safe(sitemaps.sitemap), {"sitemaps": SITEMAPS}, name="sitemap-section"),
    path("llms.txt", feeds.llms, name="llms"),
    path("help/", pages.index, name="help"),
    path("help/feed/", require_safe(feeds.HelpFeed()), name="help-feed"),
    path("help/feedback/<int:page_id>/", feedback.feedback, name="help-feedback"),
    path("help/search/", search.results, name="help-search"),
    path("help/search/suggest/", search.suggest, name="help-suggest"),
    path("help/search/click/", search.click, name="help-search-click"),
    path("help/<path:path>.pdf", pages.pdf, name="help-pdf"),
    path("help/<path:path>/", pages.page, name="help-page"),
]
