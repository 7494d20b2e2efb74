"""Reads CAMT.053: what each entry brought to the account, by the amounts that the bank booked.

Entries may hold several transfers. What a transfer was instructed to be, and what banks took of it on its way, stands
beside in elements of the same names: neither is what arrived.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree
from pycamt.parser import Camt053Parser

TEXTS = (
    "RemittanceInformationFull",
    "RemittanceInformation",
    "AdditionalRemittanceInformation",
    "EndToEndId",
    "AdditionalTransactionInformation",
    "AdditionalEntryInformation",
)
NONE_GIVEN = {"NOTPROVIDED", "NONREF"}
Row = dict[str, Any]


class Statements(Camt053Parser):
    """As the parser reads them, with prefixed names as well; amounts are those that were booked."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.namespaces = {None: etree.QName(self.tree).namespace or ""}

    def _extract_transaction(self, entry: Any, statement: Any) -> list[Row]:
        whole: Row = self._extract_common_entry_data(entry, statement)
        parts = [self._part(detail, whole) for detail in entry.findall("NtryDtls/TxDtls", self.namespaces)]
        if len(parts) > 1 and sum(_signed(part) for part in parts) == _signed(whole):
            return [{**part, "TransactionID": _own(part, number)} for number, part in enumerate(parts, start=1)]
        # One transfer is what its entry is; several that do not add up are one line, for people to look at.
        said = " ".join(_text(part) for part in parts)
        names = {part["DebtorName"] for part in parts if part.get("DebtorName")}
        return [{**whole, "Text": said or _text(whole), "DebtorName": ", ".join(sorted(names))}]

    def _part(self, detail: Any, whole: Row) -> Row:
        """One of the transfers of an entry; its amount is None where the bank says none in the account's currency."""
        said: Row = self._extract_transaction_details(detail)
        booked = [detail.find(path, self.namespaces) for path in ("Amt", "AmtDtls/TxAmt/Amt")]
        amounts = [one.text for one in booked if one is not None and one.get("Ccy") == whole["Currency"]]
        sign = detail.find("CdtDbtInd", self.namespaces)
        row = {
            **whole,
            **said,
            "Amount": amounts[0] if amounts else None,
            "CreditDebitIndicator": whole["CreditDebitIndicator"] if sign is None else sign.text,
            "OwnReference": self._find_text(detail, "Refs/AcctSvcrRef"),
            "AdditionalTransactionInformation": self._find_text(detail, "AddtlTxInf"),
        }
        return {**row, "Text": _text(row)}


def transfers(content: bytes) -> Iterator[Row]:
    """What arrived and is booked. Raises what lxml and the parser raise where it is no statement."""
    for row in Statements(content).get_transactions():
        if row["CreditDebitIndicator"] == "CRDT" and row.get("Status") in (None, "BOOK"):
            yield row


def _signed(row: Row) -> Decimal:
    """What it brought; not a number where nothing is said."""
    try:
        amount = Decimal(row["Amount"])
    except (InvalidOperation, TypeError):
        return Decimal("NaN")
    return amount if row["CreditDebitIndicator"] == "CRDT" else -amount


def _own(part: Row, number: int) -> str:
    """The reference of one transfer of several: the bank's own, or that of the entry with its place."""
    entry = part.get("TransactionID")
    return part["OwnReference"] or (f"{entry}/{number}" if entry else "")


def _text(row: Row) -> str:
    said = [str(row[name]) for name in TEXTS if row.get(name) and row[name] not in NONE_GIVEN]
    return " ".join(dict.fromkeys(said))
