"""Addresses of approvals at a company's desk."""

from django.urls import path

from portal.approvals import views

urlpatterns = [
    path("customer/team/approvals/", views.approval_list, name="team-approvals"),
    path("customer/team/approvals/<uuid:public_id>/", views.approval_detail, name="team-approval"),
    path("customer/team/approvals/<uuid:public_id>/decide/", views.decide, name="team-approval-decide"),
]
