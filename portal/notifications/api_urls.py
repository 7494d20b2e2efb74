"""Addresses of the notifications API, below /api/customer/."""

from django.urls import path

from portal.notifications import api

urlpatterns = [
    path("notifications/", api.NotificationList.as_view(), name="api-notifications"),
    path("notifications/unread/", api.UnreadCount.as_view(), name="api-notifications-unread"),
    path("notifications/read/", api.ReadAll.as_view(), name="api-notifications-read-all"),
    path("notifications/<uuid:public_id>/", api.NotificationDetail.as_view(), name="api-notification"),
    path("notifications/<uuid:public_id>/read/", api.Read.as_view(), name="api-notification-read"),
]
