"""Addresses of teams, developers and agencies."""

from django.urls import path

from portal.teams.views import agencies, developers, team

urlpatterns = [
    path("customer/team/", team.team, name="team"),
    path("customer/team/<uuid:public_id>/", team.developer, name="team-developer"),
    path("customer/team/<uuid:public_id>/remove/", team.remove, name="team-remove"),
    path("customer/team/<uuid:public_id>/keep/", team.keep, name="team-keep"),
    path("customer/team/<uuid:public_id>/cv/", team.cv, name="team-cv"),
    path("developer/profile/", developers.profile, name="developer-profile"),
    path("developer/profile/cv/", developers.cv, name="developer-cv"),
    path("developer/companies/<uuid:public_id>/", developers.company, name="developer-company"),
    path("agency/team/", agencies.team, name="agency-team"),
]
