"""What `verify_ledger` finds when somebody changes charges of contracts with the guards switched off."""

import pytest

from billing.invoicing.services.proving_contracts import CHECKS
from portal.accounts.models import Company, User
from portal.contracts.models import Contract
from tests.billing.contracts.billed import FIRST, billed, run
from tests.billing.invoicing.books import difference, unguarded
from tests.portal.contracts.charges.made import contract, item

PERIOD = "UPDATE contracts_billingperiod SET {} WHERE sequence = 1 AND contract_id = {{contract}}"
SECOND = "UPDATE contracts_billingperiod SET {} WHERE sequence = 2 AND contract_id = {{contract}}"
LINE = """
UPDATE contracts_billingperiodline SET {} WHERE period_id = (SELECT id FROM contracts_billingperiod
    WHERE sequence = 1 AND contract_id = {{contract}})
"""
CHARGE = "UPDATE invoicing_charge SET {} WHERE due_on = '2026-02-28' AND company_id = {{company}}"
GONE = "DELETE FROM invoicing_charge WHERE due_on = '2026-02-28' AND company_id = {company}"
BOTH = f"{LINE.format('amount = 1')}; {PERIOD.format('amount = 1')}"
NOT_AS_SAID = "{label}, period 2: “Training, 2 of 3” waits and is not charged as it says"


@pytest.fixture
def books(training: Contract, other_company: Company, asker: User, decider: User) -> Contract:
    """A training whose first part is invoiced, and the same of another company."""
    others = contract(other_company)
    item(others, "5000.00", description="Training", schedule="instalments")
    billed(others, asker, decider)
    run(FIRST)
    return training


def test_books_that_agree_pass_every_check(books: Contract) -> None:
    assert {name: list(check()) for name, check in CHECKS.items()} == {name: [] for name in CHECKS}
    assert difference() == ""


@pytest.mark.parametrize(
    ("check", "statement", "says"),
    [
        ("contract periods", PERIOD.format("amount = 1"), "{label}, period 1 is not the sum of its lines"),
        ("contract periods", LINE.format("is_withdrawn = true"), "{label}, period 1 is not the sum of its lines"),
        ("contract charges", GONE, NOT_AS_SAID),
        ("contract charges", CHARGE.format("unit_price = 1"), NOT_AS_SAID),
        ("contract charges", CHARGE.format("due_on = '2026-03-01'"), NOT_AS_SAID),
        ("contract charges", CHARGE.format("currency = 'KES'"), NOT_AS_SAID),
        ("contract charges", CHARGE.format("company_id = {other}"), NOT_AS_SAID),
        (
            "charges of contracts",
            SECOND.format("status = 'cancelled'"),
            "“Training, 2 of 3 ({number})” is charged, and no billing period says so",
        ),
        ("contract invoices", BOTH, "{invoice}: “Training, 1 of 3 ({number})” is not what its billing period says"),
        (
            "contract states",
            PERIOD.format("status = 'paid'"),
            "{label}, period 1 is paid, and its invoice says otherwise",
        ),
        (
            "contract states",
            PERIOD.format("invoice_number = 'INV-2026-999999'"),
            "{label}, period 1 is invoiced, and its invoice says otherwise",
        ),
    ],
)
def test_each_check_finds_what_is_wrong_of_one_company_alone(
    books: Contract, other_company: Company, check: str, statement: str, says: str
) -> None:
    number = books.billing_periods.get(sequence=1).invoice_number
    names = {
        "contract": books.pk,
        "company": books.company_id,
        "other": other_company.pk,
        "label": f"{books}",
        "number": books.number,
        "invoice": number,
    }
    unguarded(statement.format(**names))
    assert list(CHECKS[check]()) == [says.format(**names)]
    assert difference().startswith("The books do not agree: ")
