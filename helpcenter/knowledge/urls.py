"""Addresses of the help center."""

from django.contrib.sitemaps import views as sitemaps
from django.urls import path

from helpcenter.knowledge.views import feedback, feeds, pages, search

SITEMAPS = {"help": feeds.HelpSitemap}

urlpatterns = [
    path("sitemap.xml", sitemaps.index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap-section"}, name="sitemap"),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": SITEMAPS}, name="sitemap-section"),
    path("llms.txt", feeds.llms, name="llms"),
    path("help/", pages.index, name="help"),
    path("help/feed/", feeds.HelpFeed(), name="help-feed"),
    path("help/feedback/<int:page_id>/", feedback.feedback, name="help-feedback"),
    path("help/search/", search.results, name="help-search"),
    path("help/search/suggest/", search.suggest, name="help-suggest"),
    path("help/search/click/", search.click, name="help-search-click"),
    path("help/<path:path>.pdf", pages.pdf, name="help-pdf"),
    path("help/<path:path>/", pages.page, name="help-page"),
]
