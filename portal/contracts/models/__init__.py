"""Templates of contracts, contracts with their frozen texts, who signs them, and the evidence of it."""

from portal.contracts.models.charges import BillingTerms, ContractLineItem
from portal.contracts.models.contracts import Contract
from portal.contracts.models.evidence import EvidenceEvent
from portal.contracts.models.periods import BillingPeriod, BillingPeriodLine
from portal.contracts.models.seals import SealedCopy, SealJob
from portal.contracts.models.signers import Signature, Signer, TurnJob
from portal.contracts.models.templates import ContractTemplate
from portal.contracts.models.texts import ContractText

__all__ = [
    "BillingPeriod",
    "BillingPeriodLine",
    "BillingTerms",
    "Contract",
    "ContractLineItem",
    "ContractTemplate",
    "ContractText",
    "EvidenceEvent",
    "SealJob",
    "SealedCopy",
    "Signature",
    "Signer",
    "TurnJob",
]
