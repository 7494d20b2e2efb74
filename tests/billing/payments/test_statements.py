"""Bank transfers: recorded by staff, or by a statement, each once."""

from datetime import date

import pytest

from billing.invoicing.models import Invoice
from billing.invoicing.services import ledger
from billing.payments.models import BankStatement, Payment, StatementLine
from billing.payments.services import manual
from billing.payments.services.statements import importing, reading
from billing.payments.services.statements.reading import Line
from portal.accounts.models import Company, User
from portal.core.errors import DomainError
from tests.billing.invoicing.books import AT, difference, kes
from tests.billing.payments.conftest import issued
from tests.portal.core.threads import race

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)
CSV = (
    "Date,Reference,Payer,Details,Amount,Currency\n"
    '21/11/2026,FT1,Savanna Foods Ltd,Invoice INV-2026-000001,"1,160.00",KES\n'
    "21/11/2026,FT2,Somebody,thanks,50.00,KES\n"
    "21/11/2026,FT3,Bank,charges,-10.00,KES\n"
)
MT940 = """:20:STATEMENT1
:25:EXBKKENA/0123456789
:28C:00012/001
:60F:C261120KES10000,00
:61:2611211121C1160,00NTRFINV-2026-000001//FT1
:86:INV-2026-000001 Savanna Foods Ltd
:61:2611211121D50,00NCHGNONREF//FT2
:86:Bank charges
:62F:C261121KES11110,00
-"""
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-21T18:00:00</CreDtTm></GrpHdr>
<Stmt><Id>S1</Id><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>KES</Ccy></Acct>
<Ntry><Amt Ccy="KES">1160.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-21</Dt></BookgDt>
<ValDt><Dt>2026-11-21</Dt></ValDt><AcctSvcrRef>FT1</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>E1</EndToEndId>
</Refs><RltdPties><Dbtr><Nm>Savanna Foods Ltd</Nm></Dbtr></RltdPties>
<RmtInf><Ustrd>INV-2026-000001</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="KES">9.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-21</Dt></BookgDt>
<ValDt><Dt>2026-11-21</Dt></ValDt><AcctSvcrRef>FT2</AcctSvcrRef></Ntry></Stmt></BkToCstmrStmt></Document>"""


def load(text: str, by: User, name: str = "november") -> importing.Result:
    return importing.load(content=text.encode(), name=name, currency="KES", at=AT, by=by)


@pytest.mark.parametrize(("text", "form"), [(CSV, "csv"), (MT940, "mt940"), (CAMT, "camt053")])
def test_each_format_is_read(text: str, form: str) -> None:
    found, lines = reading.read(text.encode(), currency="KES")
    assert found == form
    assert (lines[0].booked_on, lines[0].amount, lines[0].reference) == (DAY, kes(1160), "FT1")
    assert "INV-2026-000001" in lines[0].text
    assert len(lines) == (2 if form == "csv" else 1)


def test_csv_of_other_habits_is_read() -> None:
    text = "\ufeffBooking date;Paid in;Description\n2026-11-21;99.5;x\n;;\n"
    with pytest.raises(reading.NotAStatement) as refused:
        reading.read((text + "2026-13-41;1;x\n").encode(), currency="USD")
    assert refused.value.message == "“2026-13-41” is no day such as 2026-11-21."
    _form, (line,) = reading.read(text.encode(), currency="KES")
    assert line == Line(DAY, kes("99.5"), "", "", "x")


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", "a,b\n1,2\n", "<xml/>", "<a", "date,amount\n2026-11-21,ten\n", "date,amount\n2026-11-21,0\n",
     "date,amount,currency\n2026-11-21,1,XXXX\n", "date,amount\n2026-11-21,1e999\n", "date,amount\n2026-11-21,NaN\n"],
)  # fmt: skip
def test_nonsense_is_refused_and_leaves_nothing(text: str, finance: User) -> None:
    with pytest.raises(DomainError):
        load(text, finance)
    assert not BankStatement.objects.exists()


@pytest.mark.parametrize("text", [CSV, MT940, CAMT])
def test_transfer_that_names_its_invoice_pays_it(text: str, invoice: Invoice, finance: User, owner: User) -> None:
    done = load(text, finance)
    payment = Payment.objects.get()
    invoice.refresh_from_db()
    assert (invoice.status, payment.reference, payment.gateway, payment.made_by) == ("paid", "FT1", "manual", finance)
    assert (done.matched, StatementLine.objects.filter(state="matched").get().payment) == (1, payment)
    assert difference() == ""


def test_same_statement_and_its_lines_again_change_nothing(invoice: Invoice, finance: User) -> None:
    load(CSV, finance)
    again, longer = load(CSV, finance), load(CSV + "22/11/2026,FT4,New,x,5.00,KES\n", finance)
    assert (again.new, again.matched, longer.new) == (0, 0, 1)
    assert (BankStatement.objects.count(), StatementLine.objects.count(), Payment.objects.count()) == (2, 3, 1)


def test_equal_transfers_of_one_statement_are_two(finance: User) -> None:
    line = "21/11/2026,,Somebody,thanks,50.00,KES\n"
    assert load(CSV.splitlines()[0] + "\n" + line + line, finance).new == 2


@pytest.mark.parametrize(
    ("text", "amount", "why"),
    [
        ("nothing", "1160.00", "It names no invoice."),
        ("INV-2026-000001", "1159.99", "It is not what is due of the invoice that it names."),
        ("INV-2026-000001", "1160.01", "It is not what is due of the invoice that it names."),
        ("INV-2026-000001 INV-2026-000002", "1276.00", "It names invoices of several companies."),
        ("XINV-2026-0000011", "1160.00", "It names no invoice."),
    ],
)
def test_what_is_not_plain_waits_and_says_why(
    text: str, amount: str, why: str, invoice: Invoice, other_company: Company, finance: User
) -> None:
    issued(other_company, "100")
    load(f"date,amount,reference,details\n2026-11-21,{amount},FT1,{text}\n", finance)
    line = StatementLine.objects.get()
    assert (line.state, line.note, Payment.objects.count()) == ("waiting", why, 0)


def test_one_transfer_pays_two_invoices(company: Company, invoice: Invoice, finance: User) -> None:
    second = issued(company, "100")
    load(f"date,amount,details\n2026-11-21,1276,{invoice.number} and {second.number.lower()}.\n", finance)
    assert set(Invoice.objects.values_list("status", flat=True)) == {"paid"}
    assert difference() == ""


def test_staff_say_whose_a_transfer_is(company: Company, invoice: Invoice, finance: User) -> None:
    load("date,amount,reference\n2026-11-21,2000,FT9\n", finance)
    line = StatementLine.objects.get()
    importing.assign(line=line, company=company, invoice=invoice, at=AT, by=finance)
    invoice.refresh_from_db()
    assert (invoice.status, ledger.balance_of(company, "KES"), difference()) == ("paid", kes(840), "")
    for act in (
        lambda: importing.assign(line=line, company=company, invoice=None, at=AT, by=finance),
        lambda: importing.ignore(line=line, reason="x"),
    ):
        with pytest.raises(importing.NotWaiting):
            act()
    assert Payment.objects.count() == 1


def test_transfer_that_was_recorded_by_hand_waits_with_the_reason(
    company: Company, invoice: Invoice, finance: User
) -> None:
    manual.record(company=company, amount=kes(100), reference=" FT1 ", at=AT, by=finance, first=[invoice])
    load(CSV.replace("1,160.00", "1,060.00"), finance)
    line = StatementLine.objects.get(reference="FT1")
    assert (line.state, line.note) == ("waiting", "A transfer with this reference is recorded already.")
    assert (Payment.objects.count(), difference()) == (1, "")


@pytest.mark.parametrize(("amount", "reference"), [(kes(0), "FT1"), (kes("0.001"), "FT1"), (kes(1), "  ")])
def test_transfer_needs_an_amount_and_a_reference(
    company: Company, finance: User, amount: object, reference: str
) -> None:
    with pytest.raises(DomainError):
        manual.record(company=company, amount=amount, reference=reference, at=AT, by=finance)
    assert not Payment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_statement_that_is_imported_twice_at_once_counts_once(company: Company, staff: User) -> None:
    issued(company, "1000")
    results = race(lambda _number: load(CSV, staff), threads=4)
    assert all(isinstance(result, importing.Result | importing.BeingImported) for result in results)
    assert (BankStatement.objects.count(), Payment.objects.count(), difference()) == (1, 1, "")
