"""Many at once in the admin: one comment, and of each what came of it."""

import pytest
from django.test import Client

from portal.accounts.models import Company, User
from portal.approvals import services
from portal.approvals.models import Approval
from portal.approvals.wagtail_hooks import bulk
from tests.cast import client_of
from tests.portal.approvals.conftest import AT, LATER, Ask

pytestmark = pytest.mark.django_db
NEXT = "/admin/snippets/approvals/approval/?status=pending"


def address(action: str, query: str) -> str:
    return f"/admin/bulk/approvals/approval/{action}/?{query}&next={NEXT}"


def of(rows: list[Approval]) -> str:
    return "&".join(f"id={row.pk}" for row in rows)


def chosen(client: Client, url: str) -> list[str]:
    """The keys that the confirmation carries."""
    answer = client.get(url)
    assert answer.status_code == 200
    return [str(row["item"].pk) for row in answer.context["items"]]


def statuses() -> dict[str, int]:
    found = list(Approval.objects.values_list("status", flat=True))
    return {status: found.count(status) for status in sorted(set(found))}


def test_fifty_are_decided_with_one_comment_and_each_is_told(ask: Ask, staff: User) -> None:
    rows = [ask(label=f"Letter {number}") for number in range(50)]
    services.reject(approval=rows[7], by=staff, at=LATER, comment="Before.")
    rows[9].subject.send(at=AT)
    rows[9].subject.save()
    client = client_of(staff)
    url = address("approve", of(rows))
    answer = client.post(url, {"comment": "All of you.", "chosen": chosen(client, url)})
    results = {result.approval.pk: result.refusal for result in answer.context["results"]}
    assert list(results) == [row.pk for row in rows]
    assert {pk for pk, refusal in results.items() if refusal} == {rows[7].pk, rows[9].pk}
    shown = answer.content.decode()
    assert "<strong>48</strong> decided, <strong>2</strong> left as they were" in shown
    assert "This is rejected already." in shown
    assert statuses() == {"approved": 48, "pending": 1, "rejected": 1}
    assert Approval.objects.filter(comment="All of you.", decided_by=staff).count() == 48


def test_both_pages_lead_back_to_the_list_as_it_was(ask: Ask, company: Company, staff: User) -> None:
    rows, client = [ask(label="Savanna Foods", company=company), ask(label="Letter", company=company)], client_of(staff)
    url = address("approve", of(rows))
    page = client.get(url).text
    assert ("Approve: " in page, "2 approvals" in page, "Savanna Foods – " in page) == (True, True, False)
    assert "Letter</a> – Savanna Foods" in page
    for shown in (page, client.post(url, {"comment": "", "chosen": [row.pk for row in rows]}).text):
        assert shown.count(f'href="{NEXT}"') == 2, "the way there, and the button"


def test_rejecting_many_needs_a_reason(ask: Ask, staff: User) -> None:
    url = address("reject", of([ask(), ask()]))
    assert client_of(staff).post(url, {"comment": " "}).status_code == 200
    assert statuses() == {"pending": 2}
    client_of(staff).post(url, {"comment": "No stamp."})
    assert statuses() == {"rejected": 2}


def test_all_means_what_waits_in_the_list_as_it_is_narrowed(
    ask: Ask, company: Company, other_company: Company, staff: User
) -> None:
    wanted = ask(label="Amina", company=company)
    ask("joining", label="Amina", company=company), ask(label="Peter", company=company)
    ask(label="Amina", company=other_company)
    services.reject(approval=ask(label="Amina", company=company), by=staff, at=LATER, comment="No.")
    client = client_of(staff)
    url = address("approve", "kind=sending&company=savanna&q=amina&id=all")
    assert chosen(client, url) == [str(wanted.pk)]
    client.post(url, {"comment": ""})
    assert statuses() == {"approved": 1, "pending": 3, "rejected": 1}
    assert Approval.objects.get(status="approved") == wanted


@pytest.mark.parametrize("query", ["id=all&kind=unheard", "id=all&age=soon", "id=all&q=nobody", "id=x", "", "id=0"])
def test_filter_that_makes_no_sense_selects_nothing(ask: Ask, staff: User, query: str) -> None:
    ask()
    for answer in (client_of(staff).get, client_of(staff).post):
        assert answer(address("approve", query)).status_code == 404
    assert statuses() == {"pending": 1}


def test_what_came_after_the_confirmation_is_not_decided(ask: Ask, staff: User) -> None:
    seen = ask()
    client = client_of(staff)
    url = address("approve", "id=all")
    keys = chosen(client, url)
    ask()
    client.post(url, {"comment": "", "chosen": keys})
    assert Approval.objects.get(status="approved") == seen
    assert statuses() == {"approved": 1, "pending": 1}


def test_kinds_of_others_are_left_out(ask: Ask, finance_may: User) -> None:
    mine, foreign = ask(), ask("payout", label="Hidden payout")
    client = client_of(finance_may)
    url = address("approve", of([mine, foreign]))
    assert "Hidden payout" not in client.get(url).content.decode()
    shown = client.post(url, {"comment": "", "chosen": [mine.pk, foreign.pk]}).content.decode()
    assert "Hidden payout" not in shown
    assert statuses() == {"approved": 1, "pending": 1}
    assert Approval.objects.get(status="pending") == foreign


def test_no_more_than_fit_are_taken_those_that_waited_longest(
    ask: Ask, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 2)
    late, early, first = ask(at=LATER), ask(), ask(at=AT.replace(year=2025))
    assert chosen(client_of(staff), address("approve", of([late, early, first]))) == [str(first.pk), str(early.pk)]


def test_form_wants_its_token(ask: Ask, staff: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff)
    assert client.post(address("approve", of([ask()])), {"comment": ""}).status_code == 403
    assert statuses() == {"pending": 1}
