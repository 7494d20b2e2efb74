"""What the three sample products are for: their pages, what can be done in them, and the figures that follow."""

import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the product, with a few made-up rows; `use` is the feature that a visit counts for."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    use: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """Something that a member does: what it says to the portal, and by how much figures grow and metrics count."""

    label: str
    says: str
    adds: Mapping[str, int] = field(default_factory=dict)
    uses: Mapping[str, int] = field(default_factory=dict)
    is_backup: bool = False


@dataclass(frozen=True, slots=True)
class Product:
    """One of the three; `figures` by key are label and first value, of which the portal shows all.

    `levels` are those that it counts as use as well.
    """

    slug: str
    name: str
    motto: str
    figures: Mapping[str, tuple[str, int]]
    levels: tuple[str, ...]
    sections: Mapping[str, Section]
    works: Mapping[str, Work]


def backup(size: int) -> Work:
    """Every product has one; `size` of the data in GB."""
    return Work("Back up", "Backup complete", uses={"storage": size}, is_backup=True)


REPORTS = Section("Reports", ("Report", "Period", "Made"), (("Summary", "Last month", "1st of the month"),), "reports")
PRODUCTS = {
    "erp": Product(
        "erp",
        "ERP",
        "Sales, stock and accounts in one set of books.",
        {"customers": ("Customers", 338), "transactions": ("Transactions", 10_920)},
        ("customers", "transactions"),
        {
            "customers": Section(
                "Customers",
                ("Customer", "Town", "Owes"),
                (("Baobab Stores", "Nakuru", "KES 42,300"), ("Lakeside Hotel", "Kisumu", "KES 0")),
            ),
            "transactions": Section(
                "Transactions",
                ("Document", "Customer", "Amount"),
                (("SO-1041", "Baobab Stores", "KES 18,200"), ("SO-1042", "Lakeside Hotel", "KES 7,450")),
            ),
        },
        {
            "add-customers": Work("Add 3 customers", "3 customers added", {"customers": 3}),
            "post-sales": Work(
                "Post 12 sales", "12 sales posted", {"transactions": 12}, {"invoicing": 12, "stock": 12}
            ),
            "back-up": backup(45),
        },
    ),
    "sacco": Product(
        "sacco",
        "SACCO",
        "Members, savings, loans and dividends.",
        {"members": ("Members", 2245), "loans": ("Loans", 403)},
        ("members", "loans"),
        {
            "members": Section(
                "Members",
                ("Member", "Savings", "Loan"),
                (("M-2245", "KES 92,000", "KES 150,000"), ("M-2244", "KES 31,500", "—")),
            ),
            "finances": Section(
                "Financial tracking",
                ("Account", "This month", "Last month"),
                (("Deposits", "KES 1,204,000", "KES 1,180,500"), ("Loans repaid", "KES 640,200", "KES 611,900")),
            ),
            "reports": REPORTS,
            "compliance": Section(
                "Compliance",
                ("Return", "Due", "State"),
                (("Monthly return", "15th", "Filed"), ("Liquidity ratio", "15th", "18.4 %")),
            ),
        },
        {
            "add-members": Work("Add 4 members", "4 members added", {"members": 4}, {"sms": 4}),
            "grant-loan": Work("Grant a loan", "1 loan granted", {"loans": 1}, {"sms": 1, "loan-applications": 1}),
            "back-up": backup(72),
        },
    ),
    "payroll": Product(
        "payroll",
        "Payroll",
        "Pay, deductions, payslips and statutory returns.",
        {"employees": ("Employees", 135), "runs": ("Payroll runs", 11)},
        ("employees",),
        {
            "employees": Section(
                "Employees",
                ("Number", "Department", "Basic pay"),
                (("E-001", "Stores", "KES 85,000"), ("E-002", "Sales", "KES 64,000")),
            ),
            "payroll-run": Section(
                "Payroll run",
                ("Month", "Employees", "Net pay"),
                (("October", "135", "KES 7,914,380"), ("September", "134", "KES 7,809,950")),
            ),
            "taxes": Section(
                "Taxes",
                ("Return", "Due", "Amount"),
                (("PAYE", "9th", "KES 1,914,600"), ("NSSF", "15th", "KES 254,880")),
            ),
            "reports": REPORTS,
        },
        {
            "add-employees": Work("Add 5 employees", "5 employees added", {"employees": 5}),
            "run-payroll": Work(
                "Run payroll", "Payroll run finished", {"runs": 1}, {"payslips": 135, "payroll-run": 1}
            ),
            "back-up": backup(12),
        },
    ),
}


class Full(Exception):
    """The plan's limit of a figure would be passed; the message says so."""


class Books:
    """What each company has in the product: figures by the company's id, and the size of its data in GB."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.lock = threading.Lock()
        first = {key: value for key, (_label, value) in product.figures.items()}
        self.figures: dict[str, dict[str, int]] = defaultdict(first.copy)

    def do(self, work: Work, *, company: str, limits: Mapping[str, int | None]) -> dict[str, int]:
        """Do a piece of work and return the figures after it. Raises Full, and nothing has changed then."""
        with self.lock:
            figures = self.figures[company]
            for key, number in work.adds.items():
                most = limits.get(key)
                if most is not None and figures[key] + number > most:
                    raise Full(f"Your plan is for {most:,} {key}.")
            for key, number in work.adds.items():
                figures[key] += number
            return dict(figures)

    def of(self, company: str) -> dict[str, int]:
        """The figures of a company as they are."""
        with self.lock:
            return dict(self.figures[company])
