"""Addresses of the help API, below /api/help/v1/."""

from django.urls import path

from helpcenter.knowledge.api import documents, search

urlpatterns = [
    path("pages/", documents.PageList.as_view(), name="api-help-pages"),
    path("pages/<uuid:id>/", documents.PageDetail.as_view(), name="api-help-page"),
    path("search/", search.SearchView.as_view(), name="api-help-search"),
    path("suggest/", search.SuggestView.as_view(), name="api-help-suggest"),
]
