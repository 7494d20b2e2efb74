"""Addresses of the subscriptions' API, below /api/business/v1/."""

from django.urls import path

from billing.subscriptions import api

urlpatterns = [
    path("subscription/", api.SubscriptionList.as_view(), name="api-subscriptions"),
    path("subscribe/", api.Subscribe.as_view(), name="api-subscribe"),
    path("subscription/change/", api.Change.as_view(), name="api-subscription-change"),
    path("subscription/cancel/", api.Cancel.as_view(), name="api-subscription-cancel"),
    path("subscription/resume/", api.Resume.as_view(), name="api-subscription-resume"),
]
