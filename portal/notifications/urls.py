"""Addresses of notifications, of the outbox, and of the mail provider's reports."""

from django.conf import settings
from django.urls import path

from portal.notifications.views import bell, center, outbox, phones, preferences, unsubscribing, webhooks

urlpatterns = [
    path("customer/notifications/", center.center, name="notifications"),
    path("customer/notifications/read/", center.read_all, name="notifications-read-all"),
    path("customer/notifications/bell/", bell.count, name="notifications-bell"),
    path("customer/notifications/panel/", bell.panel, name="notifications-panel"),
    path("customer/notifications/settings/", preferences.preferences, name="notification-settings"),
    path("customer/notifications/settings/address/", preferences.try_again, name="notification-address"),
    path("customer/notifications/settings/phone/", phones.phone, name="notification-phone"),
    path("customer/notifications/settings/phone/confirm/", phones.confirm, name="notification-phone-confirm"),
    path("customer/notifications/settings/phone/remove/", phones.remove, name="notification-phone-remove"),
    path(
        "customer/notifications/unsubscribe/<str:token>/", unsubscribing.unsubscribe, name="notifications-unsubscribe"
    ),
    path("customer/notifications/<uuid:public_id>/", center.open_one, name="notification-open"),
    path("customer/notifications/<uuid:public_id>/read/", center.read_one, name="notification-read"),
    path("webhooks/mailersend/", webhooks.MailerSendView.as_view(), name="mailersend-webhook"),
]
if settings.OUTBOX:
    urlpatterns += [
        path("outbox/", outbox.outbox, name="outbox"),
        path("outbox/<uuid:public_id>/", outbox.message, name="outbox-message"),
        path("outbox/<uuid:public_id>/html/", outbox.html, name="outbox-html"),
    ]
