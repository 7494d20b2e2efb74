"""The figures of the page as files: the same, of the chosen days, and without formulas."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from billing.catalog.models import Metric
from billing.usage import papers
from portal.accounts.models import Company, User
from portal.activity.models import ActivityEvent
from tests.billing.usage.figures import each_day, metric, used
from tests.cast import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(viewer: User) -> Client:
    return client_of(viewer)


@pytest.fixture(autouse=True)
def reported(company: Company, owner: User, other_company: Company) -> None:
    """A week of use, of a metric with a name that some programs would reckon; and of another company."""
    each_day(company, metric("payslips"), first(), [1, 2, 3, 4, 5, 6, 7], by=owner)
    each_day(company, metric("waiting", "duration"), first(), [900] * 7, events=3)
    each_day(company, metric("exports", "feature"), first(), [2] * 7)
    used(other_company, metric("secrets"), first(), 777)
    Metric.objects.filter(slug="payslips").update(name="=HYPERLINK(1)")


def first() -> date:
    return timezone.localdate() - timedelta(days=6)


def test_excel_has_every_figure_as_a_number_and_no_formula(client: Client) -> None:
    answer = client.get("/customer/usage/file.xlsx?range=7")
    book = load_workbook(BytesIO(answer.content))
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    figures = list(book["Figures"].values)
    assert len(figures) == 1 + 4 * 7
    slips = [(row[0].date(), row[4]) for row in figures if row[2] == "'=HYPERLINK(1)"]
    assert slips == [(first() + timedelta(days=number), number + 1) for number in range(7)]
    assert "Secrets" not in {row[2] for row in figures}
    assert answer["Content-Disposition"].endswith('.xlsx"')


def test_excel_names_what_it_is_of(client: Client, company: Company) -> None:
    book = load_workbook(BytesIO(client.get("/customer/usage/file.xlsx?range=7").content))
    short = {row[0]: row[1] for row in book["In short"].values if row[0]}
    assert (short["company"], short["from"].date(), short["product"]) == (company.name, first(), "all")
    assert short["Active members"] == "1"


def test_pdf_has_charts_and_figures_and_is_of_the_chosen_days(client: Client, company: Company) -> None:
    answer = client.get("/customer/usage/file.pdf?range=7")
    pages = PdfReader(BytesIO(answer.content)).pages
    text = " ".join(page.extract_text() for page in pages)
    for words in (company.name, "Active members", "=HYPERLINK(1)", "28", "300 ms", "Exports", "7 days before"):
        assert words in text
    assert "Secrets" not in text
    assert "777" not in text


def test_pdf_is_made_outside_of_transactions(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    depth = len(connection.savepoint_ids)
    seen = []
    typeset = papers.typesetting.typeset
    monkeypatch.setattr(
        papers.typesetting,
        "typeset",
        lambda *args, **more: seen.append(len(connection.savepoint_ids)) or typeset(*args, **more),
    )
    assert client.get("/customer/usage/file.pdf").status_code == 200
    assert seen == [depth]


def test_files_of_nothing_say_so(client: Client, company: Company) -> None:
    days = "from=2020-01-01&to=2020-01-31"
    text = PdfReader(BytesIO(client.get(f"/customer/usage/file.pdf?{days}").content)).pages[0].extract_text()
    assert "Nothing was reported" in text
    assert load_workbook(BytesIO(client.get(f"/customer/usage/file.xlsx?{days}").content))["Figures"].max_row == 32


def test_who_took_a_file_is_written_down(client: Client, company: Company, viewer: User) -> None:
    for kind in ("csv", "xlsx", "pdf"):
        client.get(f"/customer/usage/file.{kind}")
        client.head(f"/customer/usage/file.{kind}")
    events = ActivityEvent.objects.filter(verb="usage.exported", company=company, actor=viewer)
    assert [event.data["format"] for event in events.order_by("pk")] == ["CSV", "Excel", "PDF"]


def test_no_figures_of_another_company(stranger: User) -> None:
    lines = b"".join(client_of(stranger).get("/customer/usage/file.csv").streaming_content).decode()
    assert "777" in lines
    assert "HYPERLINK" not in lines
