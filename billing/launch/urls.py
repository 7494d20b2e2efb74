"""Addresses of products, and of the OpenID Connect provider."""

from django.urls import path

from billing.launch.views import launching, products, provider

PLACE = "customer/products"
ONE = f"{PLACE}/<slug:slug>"

urlpatterns = [
    path(f"{PLACE}/", products.index, name="products"),
    path(f"{ONE}/", products.product, name="product"),
    path(f"{ONE}/parts/<slug:name>/", products.product_part, name="product-part"),
    path(f"{ONE}/settings/", products.product_settings, name="product-settings"),
    path(f"{ONE}/launch/", launching.launch, name="product-launch"),
    path(f"{ONE}/ask/", launching.ask, name="product-ask"),
    path(".well-known/openid-configuration", provider.ConfigurationView.as_view(), name="oidc-configuration"),
    path(".well-known/jwks.json", provider.KeysView.as_view(), name="oidc-jwks"),
    path("identity/o/authorize", provider.AuthorizationView.as_view(), name="oidc-authorize"),
    path("identity/o/logout", provider.LogoutView.as_view(), name="oidc-logout"),
    path("identity/o/api/token", provider.TokenView.as_view(), name="oidc-token"),
    path("identity/o/api/userinfo", provider.UserInfoView.as_view(), name="oidc-userinfo"),
    path("identity/o/api/revoke", provider.RevokeView.as_view(), name="oidc-revoke"),
]
