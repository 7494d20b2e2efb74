"""Addresses of the API of companies and their members."""

from django.urls import path

from portal.accounts.api.customers import Customers
from portal.accounts.api.profile import BusinessProfile, CustomerProfile
from portal.accounts.api.tokens import Login, Logout, Refresh
from portal.accounts.api.verification import BusinessVerification

urlpatterns = [
    path("api/auth/login/", Login.as_view(), name="api-login"),
    path("api/auth/refresh/", Refresh.as_view(), name="api-refresh"),
    path("api/auth/logout/", Logout.as_view(), name="api-logout"),
    path("api/business/v1/profile/", BusinessProfile.as_view(), name="api-business-profile"),
    path("api/business/v1/verify/", BusinessVerification.as_view(), name="api-business-verify"),
    path("api/customer/profile/", CustomerProfile.as_view(), name="api-customer-profile"),
    path("api/admin/customers/", Customers.as_view(), name="api-admin-customers"),
]
