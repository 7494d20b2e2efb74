"""Statements as banks write them: what arrived is what was booked, each transfer once, and none is left out."""

import pytest

from billing.invoicing.models import Invoice
from billing.payments.models import Payment, StatementLine
from billing.payments.services.statements import importing, reading
from portal.accounts.models import Company, User
from tests.billing.invoicing.books import AT, difference
from tests.billing.payments.conftest import issued

pytestmark = pytest.mark.django_db
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<{p}Document xmlns{ns}="urn:iso:std:iso:20022:tech:xsd:camt.053.001.0{version}"><{p}BkToCstmrStmt><{p}Stmt>
<{p}Ntry><{p}Amt Ccy="KES">{amount}</{p}Amt><{p}CdtDbtInd>CRDT</{p}CdtDbtInd><{p}Sts>{status}</{p}Sts>
<{p}BookgDt>{day}</{p}BookgDt><{p}AcctSvcrRef>FT1</{p}AcctSvcrRef>{details}</{p}Ntry>
</{p}Stmt></{p}BkToCstmrStmt></{p}Document>"""
MT940 = """:20:STATEMENT1
:25:EXBKKENA/0123456789
:28C:00012/001
:60F:C261120KES10000,00
{lines}
:62F:C261121KES11110,00
-"""
INSTRUCTED = (
    '<AmtDtls><InstdAmt><Amt Ccy="{one}">{said}</Amt></InstdAmt><TxAmt><Amt Ccy="KES">{booked}</Amt></TxAmt></AmtDtls>'
)
STRUCTURED = "<TxDtls><RmtInf><Strd><CdtrRefInf><Ref>INV-2026-000001</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>"
CHARGES = '<Chrgs><Rcrd><Amt Ccy="KES">10.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>'


def camt(amount: str, *transfers: str, version: int = 2, **parts: str) -> str:
    """A statement of one entry with these transfers."""
    status, day = ("<Cd>BOOK</Cd>" if version > 4 else "BOOK"), "<Dt>2026-11-21</Dt>"
    details = f"<NtryDtls>{''.join(transfers)}</NtryDtls>" if transfers else ""
    values = {"p": "", "ns": "", "status": status, "day": day, "details": details} | parts
    return CAMT.format(amount=amount, version=version, **values)


def transfer(text: str, amounts: str = "", reference: str = "") -> str:
    refs = f"<Refs>{reference and f'<AcctSvcrRef>{reference}</AcctSvcrRef>'}<EndToEndId>NOTPROVIDED</EndToEndId></Refs>"
    return f"<TxDtls>{refs}{amounts}<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"


def read(text: str) -> list[tuple[str, str, str]]:
    """Amount, reference and text of each line."""
    _form, lines = reading.read(text.encode(), currency="KES")
    return [(f"{line.amount.amount:.2f}", line.reference, line.text) for line in lines]


def load(text: str, by: User) -> importing.Result:
    return importing.load(content=text.encode(), name="november", currency="KES", at=AT, by=by)


@pytest.mark.parametrize(
    ("said", "one", "booked"), [("1160.00", "KES", "1150.00"), ("9.00", "USD", "1160.00"), ("1160.00", "USD", "1.00")]
)
def test_what_was_instructed_is_not_what_arrived(said: str, one: str, booked: str) -> None:
    amounts = INSTRUCTED.format(said=said, one=one, booked=booked)
    assert read(camt(booked, transfer("INV-2026-000001", amounts))) == [(booked, "FT1", "INV-2026-000001")]


def test_charges_on_the_way_do_not_hide_the_transfer(invoice: Invoice, finance: User) -> None:
    text = camt("1150.00", transfer("INV-2026-000001", '<Amt Ccy="KES">1150.00</Amt>' + CHARGES), version=8)
    assert read(text) == [("1150.00", "FT1", "INV-2026-000001")]
    load(text, finance)
    line = StatementLine.objects.get()
    # Ten shillings less than is due: somebody looks at it.
    assert (line.state, line.note) == ("waiting", "It is not what is due of the invoice that it names.")
    assert not Payment.objects.exists()


def test_transfers_of_one_entry_each_pay_their_invoice(invoice: Invoice, other_company: Company, finance: User) -> None:
    second = issued(other_company, "200")
    amounts = [INSTRUCTED.format(said=said, one="KES", booked=said) for said in ("1160.00", "232.00")]
    text = camt(
        "1392.00", transfer("INV-2026-000001", amounts[0]), transfer("INV-2026-000002", amounts[1], reference="FT9")
    )
    assert read(text) == [("1160.00", "FT1/1", "INV-2026-000001"), ("232.00", "FT9", "INV-2026-000002")]
    assert (load(text, finance).matched, load(text, finance).new) == (2, 0)
    paid = Payment.objects.order_by("pk").values_list("invoice__number", "amount", "reference")
    assert [(number, f"{amount:.2f}", reference) for number, amount, reference in paid] == [
        (invoice.number, "1160.00", "FT1/1"),
        (second.number, "232.00", "FT9"),
    ]
    assert difference() == ""


def test_entry_whose_transfers_do_not_add_up_is_one_line(finance: User) -> None:
    for amounts in (("", ""), ('<Amt Ccy="KES">1160.00</Amt>', '<Amt Ccy="KES">231.00</Amt>')):
        text = camt("1392.00", *(transfer(f"INV-2026-00000{n}", said) for n, said in enumerate(amounts, start=1)))
        assert read(text) == [("1392.00", "FT1", "INV-2026-000001 INV-2026-000002")]


@pytest.mark.parametrize(
    "text",
    [
        camt("1160.00", transfer("INV-2026-000001"), day="<DtTm>2026-11-21T10:00:00+03:00</DtTm>"),
        camt("1160.00", p="ns2:", ns=":ns2", details="<ns2:AddtlNtryInf>INV-2026-000001</ns2:AddtlNtryInf>",
             day="<ns2:Dt>2026-11-21</ns2:Dt>"),
        camt("1160.00", details="<AddtlNtryInf>INV-2026-000001</AddtlNtryInf>"),
        camt("1160.00", STRUCTURED),
        MT940.format(lines=":61:2611211121CR1160,NTRFNONREF//FT1\n:86:INV-2026-000001"),
    ],
    ids=["with the time", "prefixed names", "text of the entry", "structured reference", "MT940 without cents"],
)  # fmt: skip
def test_other_habits_of_banks_are_read(text: str) -> None:
    assert read(text) == [("1160.00", "FT1", "INV-2026-000001")]


def test_mt940_with_numbered_fields_and_cut_words_names_its_invoice() -> None:
    lines = [
        ":61:2611211121CR1160,00N062NONREF//FT1",
        ":86:166?00GUTSCHR. UEBERWEISUNG?109310?20SVWZ+Invoice INV-2026-00?210001 thanks?32SAVANNA FOODS LTD",
        ":61:2611211121C232,00NTRFNONREF//FT2",
        ":86:TRANSFER SAVANNA FOODS LTD NAIROBI PAYMENT FOR OUR INVOICE INV-20",
        "26-000002",
    ]
    (_first, _one, text), (_second, _two, cut) = read(MT940.format(lines="\n".join(lines)))
    assert text == "Invoice INV-2026-000001 thanks"
    assert cut.endswith("INV-20 26-000002 INV-2026-000002")


def test_transfers_without_a_reference_are_two(finance: User, invoice: Invoice, other_company: Company) -> None:
    """Banks write NONREF where there is none."""
    issued(other_company, "200")
    lines = [
        ":61:2611211121C1160,00NTRFNONREF", ":86:INV-2026-000001",
        ":61:2611211121C232,00NTRFNONREF", ":86:INV-2026-000002",
    ]  # fmt: skip
    assert load(MT940.format(lines="\n".join(lines)), finance).matched == 2
    assert Payment.objects.values("reference").distinct().count() == 2


def test_money_that_a_bank_takes_back_is_no_transfer() -> None:
    assert read(MT940.format(lines=":61:2611211121RC1160,00NTRFNONREF//FT1\n:86:INV-2026-000001")) == []
