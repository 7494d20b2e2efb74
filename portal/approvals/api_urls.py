"""Addresses of the approvals API."""

from django.urls import path

from portal.approvals.api import queue

urlpatterns = [
    path("api/admin/approvals/", queue.StaffApprovalList.as_view(), name="api-approvals"),
    path("api/admin/approvals/<uuid:public_id>/", queue.StaffApprovalDetail.as_view(), name="api-approval"),
    path(
        "api/admin/approvals/<uuid:public_id>/approve/",
        queue.StaffDecision.as_view(decision="approve"),
        name="api-approval-approve",
    ),
    path(
        "api/admin/approvals/<uuid:public_id>/reject/",
        queue.StaffDecision.as_view(decision="reject"),
        name="api-approval-reject",
    ),
    path("api/customer/approvals/", queue.MemberApprovalList.as_view(), name="api-team-approvals"),
    path("api/customer/approvals/<uuid:public_id>/", queue.MemberApprovalDetail.as_view(), name="api-team-approval"),
    path(
        "api/customer/approvals/<uuid:public_id>/approve/",
        queue.MemberDecision.as_view(decision="approve"),
        name="api-team-approval-approve",
    ),
    path(
        "api/customer/approvals/<uuid:public_id>/reject/",
        queue.MemberDecision.as_view(decision="reject"),
        name="api-team-approval-reject",
    ),
]
