"""Addresses of the teams API, below /api/."""

from django.urls import path

from portal.teams import api

urlpatterns = [
    path("customer/team/", api.TeamList.as_view(), name="api-team"),
    path("customer/team/approve/<uuid:developer_id>/", api.Approve.as_view(), name="api-team-approve"),
    path("customer/team/reject/<uuid:developer_id>/", api.Reject.as_view(), name="api-team-reject"),
    path(
        "customer/team/request-removal/<uuid:developer_id>/",
        api.RequestRemoval.as_view(),
        name="api-team-request-removal",
    ),
    path("admin/developers/", api.DeveloperList.as_view(), name="api-developers"),
    path(
        "admin/developers/<uuid:developer_id>/approve/",
        api.ApproveDeveloper.as_view(),
        name="api-developer-approve",
    ),
]
