"""Addresses of projects."""

from django.urls import path

from portal.projects.views import labs, projects, webhooks

urlpatterns = [
    path("accounts/labs/", labs.index, name="labs"),
    path("accounts/labs/link/", labs.link, name="labs-link"),
    path("accounts/labs/token/", labs.link_by_token, name="labs-token"),
    path("accounts/labs/unlink/", labs.unlink, name="labs-unlink"),
    path("accounts/labs/read/", labs.read, name="labs-read"),
    path("accounts/labs/sign-in/", labs.sign_in, name="labs-sign-in"),
    path("accounts/labs/callback/", labs.callback, name="labs-callback"),
    path("customer/projects/", projects.projects, name="projects"),
    path("customer/projects/<uuid:public_id>/", projects.project, name="project"),
    path("developer/projects/", projects.developer_projects, name="developer-projects"),
    path("developer/projects/<uuid:public_id>/", projects.developer_project, name="developer-project"),
    path("webhooks/github/", webhooks.GitHubWebhookView.as_view(), name="github-webhook"),
]
