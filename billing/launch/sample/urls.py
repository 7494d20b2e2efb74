"""Addresses of the sample product."""

from django.urls import path

from billing.launch.sample import views

urlpatterns = [
    path("", views.home),
    path("login", views.login),
    path("callback", views.callback),
    path("logout", views.logout),
    path("backchannel-logout", views.backchannel_logout),
    path("health", views.health),
    path("style.css", views.style),
    path("work/<slug:key>/", views.work),
    path("<slug:slug>/", views.section),
]
