"""Addresses of contracts."""

from django.urls import path

from portal.contracts.models.signers import Side
from portal.contracts.views import contracts, deciding, downloads, renewing, signing, verifying

COMPANY, VENDOR = {"side": Side.COMPANY}, {"side": Side.VENDOR}
MINE = "customer/contracts/<uuid:public_id>/"
OURS = "contracts/<uuid:public_id>/"

urlpatterns = [
    path("customer/contracts/", contracts.contracts, name="contracts"),
    path(MINE, contracts.contract, name="contract"),
    path(f"{MINE}sign/", signing.sign, COMPANY, name="contract-sign"),
    path(f"{MINE}viewed/", signing.viewed, COMPANY, name="contract-viewed"),
    path(f"{MINE}delegate/", deciding.delegate, COMPANY, name="contract-delegate"),
    path(f"{MINE}decline/", deciding.decline, COMPANY, name="contract-decline"),
    path(f"{MINE}no-renewal/", renewing.no_renewal, name="contract-no-renewal"),
    # Ours sign at whatever desk they are.
    path(f"{OURS}sign/", signing.sign, VENDOR, name="countersign-sign"),
    path(f"{OURS}viewed/", signing.viewed, VENDOR, name="countersign-viewed"),
    path(f"{OURS}delegate/", deciding.delegate, VENDOR, name="countersign-delegate"),
    path(f"{OURS}decline/", deciding.decline, VENDOR, name="countersign-decline"),
    path("customer/contracts/<uuid:public_id>.pdf", downloads.contract_pdf, name="contract-pdf"),
    path("verify/", verifying.verify, name="verify"),
    path("verify/<slug:code>/", verifying.verify_code, name="verify-code"),
]
