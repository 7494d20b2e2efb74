"""Staff read the register in the admin: narrowed, flat however long it is, and changed by nobody."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from portal.activity import sealing
from portal.activity import services as activity
from portal.activity.models import ActivityEvent, ActivitySeal
from portal.activity.registry import Verb
from tests.cast import client_of
from tests.portal.activity.conftest import AT

LIST = "/admin/registers/activity/"
pytestmark = pytest.mark.django_db


def told(user, query: str = "") -> list[str]:
    """What the rows say, in order."""
    return [event.told for event in client_of(user).get(LIST + query).context["object_list"]]


def inspected(user, event: ActivityEvent) -> str:
    answer = client_of(user).get(f"{LIST}inspect/{event.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def events(amina, boss, savanna, northwind) -> list[ActivityEvent]:
    """Three events, a day apart."""
    day = timedelta(days=1)
    return [
        activity.record(verb="page.published", actor=amina, company=savanna, label="Hours", at=AT, data={"n": "<é>"}),
        activity.record(
            verb="member.joined", actor=boss, company=northwind, subject=amina, data={"role": "viewer"}, at=AT + day
        ),
        activity.record(verb="plan.expired", actor=None, label="Plan", at=AT + 2 * day),
    ]


@pytest.fixture
def many(amina, boss, savanna, northwind) -> None:
    """A hundred thousand events, one in a thousand of which is rare in each way."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO activity_activityevent
                (public_id, verb, at, actor_id, company_id, object_id, subject_label, data)
            SELECT gen_random_uuid(), CASE WHEN n %% 1000 = 7 THEN 'plan.expired' ELSE 'page.published' END,
                now() - n * interval '1 minute', CASE WHEN n %% 1000 = 8 THEN %s ELSE %s END,
                CASE WHEN n %% 1000 = 9 THEN %s ELSE %s END, '', 'Page ' || n, '{}'
            FROM generate_series(1, 100000) AS n
            """,
            [amina.pk, boss.pk, savanna.pk, northwind.pk],
        )
        cursor.execute("ANALYZE activity_activityevent")


@pytest.mark.usefixtures("events")
class TestList:
    def test_staff_read_everything_in_words_newest_first(self, support, finance, staff):
        lines = ["The portal ended Plan", "Amina Otieno joined as viewer", "Amina Otieno published Hours"]
        assert (told(support), told(finance), told(staff)) == (lines, lines, lines)
        page = client_of(support).get("/admin/").content.decode()
        assert f'href="{LIST}"' in page or LIST in page

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("company=north", ["joined"]),
            ("company=nowhere", []),
            ("actor=otieno+amina", ["published"]),
            ("actor=boss%40activity", ["joined"]),
            ("verb=plan.expired", ["ended"]),
            ("verb=no.such", ["ended", "joined", "published"]),
            ("at_from=2026-03-02", ["ended", "joined"]),
            ("at_from=2026-03-02&at_to=2026-03-02", ["joined"]),
            ("at_to=2026-03-01&company=sav&actor=amina&verb=page.published", ["published"]),
            ("ordering=at", ["published", "joined", "ended"]),
        ],
    )
    def test_filters(self, staff, query, expected):
        lines = told(staff, f"?{query}")
        assert [
            next(word for word in line.split() if word in {"ended", "joined", "published"}) for line in lines
        ] == expected

    def test_verbs_are_offered_in_plain_words(self, staff):
        page = client_of(staff).get(LIST).content.decode()
        for words in ("Somebody published …", "… joined as …", '<optgroup label="Invoice">', "First day"):
            assert words in page, words
        assert "Somebody published …" in client_of(staff).get(f"{LIST}?verb=page.published").content.decode()

    def test_sheet_is_recorded_and_holds_no_formulas(self, staff, savanna, verbs, amina):
        verbs.register("register.exported", Verb("{actor} exported {register} as {format}"))
        activity.record(verb="page.published", actor=amina, label="=1+1", data={"n": "é"})
        client = client_of(staff)
        sheet = client.get(f"{LIST}?verb=page.published&export=csv").getvalue().decode()
        assert ("'=1+1" in sheet, '{""n"": ""é""}' in sheet, sheet.count("page.published")) == (True, True, 2)
        load_workbook(BytesIO(client.get(f"{LIST}?export=xlsx").getvalue()))
        taken = ActivityEvent.objects.filter(verb="register.exported").order_by("pk")
        assert [event.sentence() for event in taken] == [
            f"{staff} exported events as {kind}" for kind in ("csv", "xlsx")
        ]


class TestAccess:
    def test_only_staff_with_the_right_read_it(self, events, editor, owner, developer, stranger, support):
        support.groups.clear()
        for person in (editor, owner, developer, stranger, support, None):
            for address in (LIST, f"{LIST}results/", f"{LIST}?export=csv", f"{LIST}inspect/{events[0].pk}/"):
                answer = client_of(person).get(address)
                assert answer.status_code in {302, 403, 404}, (person, address)
            assert "Hours" not in client_of(person).get("/admin/").content.decode()

    def test_nobody_adds_edits_or_deletes(self, events, staff):
        client, pk = client_of(staff), events[0].pk
        for path in ("new", "add", f"edit/{pk}", f"delete/{pk}", f"copy/{pk}", f"history/{pk}", f"usage/{pk}"):
            assert (client.get(f"{LIST}{path}/").status_code, client.post(f"{LIST}{path}/").status_code) == (404, 404)
        assert client.post(f"{LIST}inspect/{pk}/").status_code == 405
        page = client.get(LIST).content.decode()
        assert ("/edit/" in page, "/delete/" in page, f"{LIST}new/" in page) == (False, False, False)
        assert ActivityEvent.objects.count() == 3


class TestInspect:
    def test_event_shows_all_that_is_kept_of_it(self, events, staff, amina):
        page = inspected(staff, events[0])
        for words in ("Amina Otieno published Hours", "amina@activity.example", "Savanna Foods", "page.published"):
            assert words in page, words
        assert "&quot;n&quot;: &quot;&lt;é&gt;&quot;" in page
        assert str(events[0].public_id) in page
        joined = inspected(staff, events[1])
        assert f'<a href="/members/{amina.pk}/">user {amina.pk}</a>' in joined
        assert "The portal ended Plan" in inspected(staff, events[2])

    def test_seal_is_told_awaited_and_missed(self, events, staff):
        assert "Not sealed yet" in inspected(staff, events[0])
        sealing.seal()
        seal = ActivitySeal.objects.get(pk=events[0].pk)
        assert f"Sealed as number 1: {bytes(seal.digest).hex()}" in inspected(staff, events[0])
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            late = activity.record(verb="plan.expired", actor=None, label="Late")
            cursor.execute("SET session_replication_role = origin")
        assert "inserted past the register" in inspected(staff, late)


class TestLength:
    def test_hundred_thousand_rows_cost_the_queries_of_a_few_and_no_scan(self, staff, amina, savanna, events, request):
        client = client_of(staff)
        queries = {
            "": None,
            "?company=savanna": "activity_event_of_company",
            "?actor=amina": "activity_event_by_actor",
            "?verb=plan.expired": "activity_event_of_verb",
            "?at_from=2026-01-01": "activity_event_newest",
            "?ordering=at&p=3": "activity_event_newest",
        }
        client.get(LIST)
        few = {query: self.cost(client, query) for query in queries}
        request.getfixturevalue("many")
        for query, index in queries.items():
            count, statements = self.cost(client, query)
            # One more: the planner is asked how many there are, beyond two thousand.
            assert count <= few[query][0] + 1 < 12, query
            rows = next(sql for sql in statements if '"activity_activityevent"."id"' in sql and "LIMIT 51" in sql)
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {rows}")
                plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Seq Scan on activity_activityevent" not in plan, plan
            assert (index or "activity_event_newest") in plan, plan

    @staticmethod
    def cost(client, query: str) -> tuple[int, list[str]]:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST + query).status_code == 200
        return len(captured), [entry["sql"] for entry in captured]
