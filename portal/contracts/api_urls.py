"""Addresses of the API of contracts, below /api/customer/."""

from django.urls import path

from portal.contracts import api

urlpatterns = [
    path("contracts/", api.ContractList.as_view(), name="api-contracts"),
    path("contracts/<uuid:contract_id>/", api.ContractDetail.as_view(), name="api-contract"),
    path("contracts/<uuid:contract_id>/sign/", api.Sign.as_view(), name="api-contract-sign"),
]
