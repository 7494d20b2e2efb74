"""Addresses of subscriptions."""

from django.urls import path

from billing.subscriptions import views

PLACE = "customer/subscriptions"
ONE = f"{PLACE}/<uuid:subscription_id>"

urlpatterns = [
    path(f"{PLACE}/", views.overview, name="subscriptions"),
    path(f"{PLACE}/new/<slug:slug>/", views.subscribe, name="subscribe"),
    path(f"{PLACE}/quotes/<uuid:quote_id>/", views.confirm, name="subscription-quote"),
    path(f"{ONE}/change/", views.change, name="subscription-change"),
    path(f"{ONE}/cancel/", views.cancel, name="subscription-cancel"),
    path(f"{ONE}/resume/", views.resume, name="subscription-resume"),
    path(f"{ONE}/keep/", views.keep, name="subscription-keep"),
]
