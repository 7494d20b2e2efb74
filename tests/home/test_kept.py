"""A dashboard opened again is the page of this member alone, and never older than anything that it shows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from billing.launch.models import ProductFigure, ProductHealth, ProductSync
from billing.subscriptions.models import ProductAccess, ProductGrant
from home.models import Announcement, BrandSettings, DashboardPage
from portal.accounts.models import Company, Membership, User
from portal.activity import services as activity
from portal.core import page_cache, questions
from portal.core.page_cache import Generation, ProcessStore
from portal.notifications.models import Notification
from portal.notifications.services import reading
from tests.cast import client_of
from tests.factories import MembershipFactory, ProductAccessFactory, ProductFactory

pytestmark = pytest.mark.usefixtures("portal_site")
DASHBOARD = "/customer/dashboard/"
Committing = Callable[..., Any]


@pytest.fixture(autouse=True)
def mode(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A way of keeping pages, in a process that has kept nothing yet."""
    settings.PAGE_CACHE = getattr(request, "param", "process")
    monkeypatch.setattr(page_cache, "generation", Generation())
    monkeypatch.setattr(page_cache, "parts", ProcessStore())


@pytest.fixture
def access(company: Company) -> ProductAccess:
    """A product that is open to the company."""
    return ProductAccessFactory.create(company=company, product=ProductFactory.create(slug="books", name="Books"))


@pytest.fixture
def reader(access: ProductAccess, owner: User) -> Client:
    """The browser of an owner who has opened the dashboard: it is kept."""
    return opened(client_of(owner))


def opened(client: Client, query: str = "") -> Client:
    """The same browser, once its dashboard is kept."""
    for _ in range(3):
        assert client.get(f"{DASHBOARD}{query}").status_code == 200
    assert is_kept(client, query)
    return client


def is_kept(client: Client, query: str = "") -> bool:
    """Whether the dashboard comes without being made: a page that is kept has no context."""
    return client.get(f"{DASHBOARD}{query}").context is None


def in_process_of(client: Client, other: Client) -> Client:
    """Another browser that asks the same process."""
    other.handler = client.handler
    return other


@pytest.mark.parametrize("mode", ["process", "shared"], indirect=True)
def test_opened_again_it_costs_one_question(reader: Client, django_assert_num_queries: Any) -> None:
    first = reader.get(DASHBOARD)
    with django_assert_num_queries(1):
        again = reader.get(DASHBOARD)
    assert again.content == first.content
    assert "Your products" in again.text
    assert (first["Cache-Control"], again["Cache-Control"]) == ("private, no-store", "private, no-store")


def test_nobody_else_gets_it(
    reader: Client, owner: User, viewer: User, stranger: User, developer: User, company: Company
) -> None:
    for person, status in ((viewer, 200), (stranger, 200), (developer, 404)):
        other = in_process_of(reader, client_of(person))
        for _ in range(3):
            answer = other.get(DASHBOARD)
            assert answer.status_code == status
            assert owner.email not in answer.text
        assert (company.name in answer.text) == (person == viewer)
    anonymous = in_process_of(reader, Client())
    assert anonymous.get(DASHBOARD).status_code == 302


def test_a_stolen_copy_ends_with_the_session(reader: Client) -> None:
    stolen = in_process_of(reader, Client())
    stolen.cookies = reader.cookies
    reader.post("/accounts/logout/")
    assert stolen.get(DASHBOARD).status_code == 302


def test_each_address_and_each_look_has_its_own(reader: Client) -> None:
    assert reader.get(f"{DASHBOARD}?range=7").context["shown"] == "Last 7 days"
    opened(reader, "?range=7")
    assert 'value="of another name"' in reader.get(f"{DASHBOARD}?find=of+another+name").text
    opened(reader)
    reader.cookies["products-view"] = "list"
    assert reader.get(DASHBOARD).context is not None
    # What comes with all of it is told of by no mark.
    assert [is_kept(reader, "?all=1") for _ in range(3)] == [False] * 3


def loses_the_membership(owner: User) -> None:
    owner.memberships.get().delete()


def loses_it_without_a_signal(owner: User) -> None:
    memberships = Membership.objects.filter(user=owner)
    memberships._raw_delete(memberships.db)


def is_locked_out(owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)


def is_closed(owner: User) -> None:
    Company.objects.filter(memberships__user=owner).update(is_active=False)


@pytest.mark.parametrize("change", [loses_the_membership, loses_it_without_a_signal, is_locked_out, is_closed])
def test_who_may_no_longer_see_it_gets_nothing_at_once(
    reader: Client, owner: User, change: Callable[[User], None], django_capture_on_commit_callbacks: Committing
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        change(owner)
    answer = reader.get(DASHBOARD)
    assert answer.status_code in (302, 404)
    assert "Your products" not in answer.text


@pytest.mark.parametrize(
    "change", [{"role": "viewer"}, {"can_manage_billing": True}, {"can_sign_contracts": True}], ids=str
)
def test_other_rights_make_another_page_at_once(reader: Client, owner: User, change: dict[str, Any]) -> None:
    Membership.objects.filter(user=owner).update(can_manage_billing=False, can_sign_contracts=False)
    opened(reader)
    Membership.objects.filter(user=owner).update(**change)
    assert not is_kept(reader)


def test_another_desk_is_shown_at_once(
    reader: Client,
    owner: User,
    other_company: Company,
    company: Company,
    django_capture_on_commit_callbacks: Committing,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        MembershipFactory.create(company=other_company, user=owner)
    opened(reader)
    reader.post("/desks/switch/", {"desk": f"company:{other_company.slug}"})
    answer = reader.get(DASHBOARD)
    assert answer.context["request"].company == other_company
    reader.post("/desks/switch/", {"desk": f"company:{company.slug}"})
    assert reader.get(DASHBOARD).context["request"].company == company


def says_something(access: ProductAccess, owner: User) -> None:
    activity.record(
        verb="member.joined", subject=owner, actor=owner, company=access.company, data={"role": "Owner"},
        at=timezone.now(),
    )  # fmt: skip


def is_closed_to_all(access: ProductAccess, owner: User) -> None:
    ProductAccess.objects.filter(pk=access.pk).update(is_open=False)


def is_granted(access: ProductAccess, owner: User) -> None:
    ProductGrant.objects.bulk_create([ProductGrant(membership=owner.memberships.get(), product=access.product)])


def is_down(access: ProductAccess, owner: User) -> None:
    ProductHealth.objects.update_or_create(product=access.product, defaults={"state": "down"})


def tells_figures(access: ProductAccess, owner: User) -> None:
    told = {"key": "records", "label": "Records", "value": 3, "position": 1, "reported_at": timezone.now()}
    ProductFigure.objects.create(company=access.company, product=access.product, **told)


def synchronises(access: ProductAccess, owner: User) -> None:
    ProductSync.objects.create(company=access.company, product=access.product, state="ok", synced_at=timezone.now())


def is_announced(access: ProductAccess, owner: User) -> None:
    Announcement.objects.create(title="New guides", starts_at=timezone.now() - timedelta(hours=1))


CHANGES = [says_something, is_closed_to_all, is_granted, is_down, tells_figures, synchronises, is_announced]


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_mark_tells_of_is_shown_at_once(
    reader: Client, access: ProductAccess, owner: User, change: Callable[[ProductAccess, User], None]
) -> None:
    """No signal, no commit, no second: the question alone finds it."""
    change(access, owner)
    assert not is_kept(reader)
    assert is_kept(reader)


def test_what_happens_elsewhere_leaves_it_alone(reader: Client, other_company: Company, stranger: User) -> None:
    theirs = ProductAccessFactory.create(company=other_company, product=ProductFactory.create(slug="wages"))
    for change in (says_something, is_closed_to_all, tells_figures, synchronises):
        change(theirs, stranger)
    assert is_kept(reader)


def test_announcements_begin_and_end_on_time(reader: Client) -> None:
    now = timezone.now()
    notice = Announcement.objects.create(title="Maintenance", starts_at=now + timedelta(days=1))
    assert is_kept(reader)
    Announcement.objects.filter(pk=notice.pk).update(starts_at=now - timedelta(days=1))
    assert "Maintenance" in reader.get(DASHBOARD).text
    opened(reader)
    Announcement.objects.filter(pk=notice.pk).update(ends_at=now - timedelta(minutes=1))
    assert "Maintenance" not in reader.get(DASHBOARD).text


def arranges(owner: User) -> None:
    page = DashboardPage.objects.get(desk_kind="company")
    page.greeting = "Good morning"
    page.save_revision().publish()


def brands(owner: User) -> None:
    settings = BrandSettings.load()
    settings.name = "Acacia Portal"
    settings.save()
    page_cache.expire()


@pytest.mark.parametrize(("change", "shown"), [(arranges, "Good morning"), (brands, "Acacia Portal")])
def test_what_editors_change_is_shown_within_a_second(
    reader: Client,
    owner: User,
    change: Callable[[User], None],
    shown: str,
    django_capture_on_commit_callbacks: Committing,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        change(owner)
    page_cache.generation.look_at = 0
    assert shown in reader.get(DASHBOARD).text


def test_the_bell_counts_at_once(
    reader: Client, owner: User, company: Company, django_capture_on_commit_callbacks: Committing
) -> None:
    Notification.objects.create(recipient=owner, company=company, is_for_member=True, kind="x", key="1", subject="News")
    with django_capture_on_commit_callbacks(execute=True):
        reading.forget_counts([owner.pk], company)
    assert reader.get(DASHBOARD).context["unread_count"] == 1
    opened(reader)
    with django_capture_on_commit_callbacks(execute=True):
        reading.mark_read(notifications=Notification.objects.all(), user=owner, company=company, at=timezone.now())
    assert reader.get(DASHBOARD).context["unread_count"] == 0


def test_days_chosen_elsewhere_are_shown_at_once(
    reader: Client, owner: User, django_capture_on_commit_callbacks: Committing
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        client_of(owner).post("/dashboard/remember/", {"range": "7"})
    assert reader.get(DASHBOARD).context["shown"] == "Last 7 days"


def test_a_new_day_is_a_new_page(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(questions.timezone, "localdate", lambda: tomorrow)
    assert not is_kept(reader)


def test_a_page_with_a_part_that_failed_is_not_kept(
    access: ProductAccess, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args: Any, **_named: Any) -> Any:
        raise LookupError("It is away.")

    client = client_of(owner)
    with monkeypatch.context() as patched:
        patched.setattr("home.widgets.QuickActions.get_context", breaks)
        assert ["could not be shown" in client.get(DASHBOARD).text for _ in range(3)] == [True] * 3
        assert not is_kept(client)
    with monkeypatch.context() as patched:
        patched.setattr("home.widgets.Announcements.needs", (breaks,))
        assert not any(is_kept(client) for _ in range(3))
    opened(client)


def test_a_question_that_fails_makes_the_page_anew(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(statement: str) -> Any:
        raise DatabaseError("The database is away.")

    monkeypatch.setattr("portal.core.questions.answer_to", breaks)
    answer = reader.get(DASHBOARD)
    assert (answer.status_code, answer.context is None) == (200, False)


def test_what_changes_while_the_page_is_made_is_on_the_next(
    access: ProductAccess, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(owner)
    get_context = DashboardPage.get_context

    def meanwhile(page: DashboardPage, *args: Any, **named: Any) -> Any:
        """Everything is read, and then something happens before the page is kept."""
        context = get_context(page, *args, **named)
        says_something(access, owner)
        return context

    client.get(DASHBOARD)
    with monkeypatch.context() as patched:
        patched.setattr(DashboardPage, "get_context", meanwhile)
        client.get(DASHBOARD)
    assert not is_kept(client)


@pytest.mark.parametrize("who", ["developer", "staff", "agency_admin", "reseller"])
def test_other_desks_are_made_each_time(request: pytest.FixtureRequest, who: str) -> None:
    address = {"developer": "developer", "staff": "staff", "agency_admin": "agency", "reseller": "reseller"}[who]
    client = client_of(request.getfixturevalue(who))
    assert all(client.get(f"/{address}/dashboard/").context is not None for _ in range(3))
