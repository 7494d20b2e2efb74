"""Addresses of the projects API, below /api/customer/."""

from django.urls import path

from portal.projects import api

urlpatterns = [
    path("projects/", api.ProjectList.as_view(), name="api-projects"),
    path("projects/<uuid:public_id>/", api.ProjectDetail.as_view(), name="api-project"),
]
