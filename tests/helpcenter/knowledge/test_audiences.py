"""Who may read a page: rules, their canonical form, inheritance, and what each desk holds."""

import json

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from billing.subscriptions.models import ProductAccess
from helpcenter.knowledge.models import Audience, HelpDocument, HelpPageCompany, Reader
from helpcenter.knowledge.models.audiences import canonical
from helpcenter.knowledge.readers import reader_at
from portal.accounts import desks
from portal.accounts.models import Company, User
from tests.cast import CAST
from tests.factories import ProductFactory
from tests.helpcenter.knowledge import pages
from tests.helpcenter.knowledge.stored import assert_nothing_to_mend

KEYS = ["customers", "developers", "resellers", "staff", "product:erp", "product:sacco", "company:a", "company:b"]
CLAUSES = st.lists(st.frozensets(st.sampled_from(KEYS), max_size=3), max_size=4)
READERS = st.frozensets(st.sampled_from(KEYS))


def reader_of(user: User | None) -> Reader:
    """The reader whom a person is at the desk that a new session starts with."""
    return reader_at(desks.desk_in_use(user, None) if user else None)


def titles_for(user: User | None) -> set[str]:
    return set(HelpDocument.objects.readable_by(reader_of(user)).values_list("title", flat=True))


class TestRules:
    def test_no_rule_at_all_is_the_public(self) -> None:
        assert canonical([]) == canonical([frozenset()]) == "[]"

    def test_order_and_repetition_make_no_difference(self) -> None:
        one = canonical([frozenset({"b", "a"}), frozenset({"c"}), frozenset({"a", "b"})])
        assert one == canonical([frozenset({"c"}), frozenset({"a", "b"})]) == '[["a", "b"], ["c"]]'

    def test_a_rule_implied_by_a_narrower_one_is_dropped(self) -> None:
        assert canonical([frozenset({"a"}), frozenset({"a", "b"})]) == '[["a"]]'

    @given(CLAUSES, READERS)
    def test_the_canonical_form_means_the_same(self, clauses: list[frozenset[str]], keys: frozenset[str]) -> None:
        every_clause_holds = all(clause & keys for clause in clauses if clause)
        assert Audience(rule=canonical(clauses)).includes(Reader(keys)) == every_clause_holds

    @given(CLAUSES, CLAUSES, READERS)
    def test_whoever_contains_an_audience_includes_all_its_readers(
        self, wide: list[frozenset[str]], narrow: list[frozenset[str]], keys: frozenset[str]
    ) -> None:
        outer, inner = Audience(rule=canonical(wide)), Audience(rule=canonical(narrow))
        if outer.contains(inner) and inner.includes(Reader(keys)):
            assert outer.includes(Reader(keys))

    @given(CLAUSES, CLAUSES)
    def test_a_page_above_contains_every_page_below(
        self, above: list[frozenset[str]], own: list[frozenset[str]]
    ) -> None:
        assert Audience(rule=canonical(above)).contains(Audience(rule=canonical([*above, *own])))

    @given(CLAUSES)
    def test_staff_read_everything(self, clauses: list[frozenset[str]]) -> None:
        assert Audience(rule=canonical(clauses)).includes(Reader(reads_all=True))

    def test_a_wider_audience_is_not_contained_in_a_narrower_one(self) -> None:
        assert not Audience(rule='[["customers"]]').contains(Audience(rule="[]"))
        assert not Audience(rule='[["product:erp"]]').contains(Audience(rule='[["product:erp", "product:sacco"]]'))


@pytest.mark.usefixtures("portal_site")
class TestPages:
    def test_pages_for_the_same_readers_share_one_audience(self) -> None:
        first = pages.article("First", audience=["developers", "resellers"])
        second = pages.article("Second", audience=["resellers", "developers"])
        ids = HelpDocument.objects.filter(pk__in=[first.pk, second.pk]).values_list("audience_id", flat=True)
        assert len(set(ids)) == 1

    def test_a_page_inherits_the_rules_of_all_pages_above(self) -> None:
        outer = pages.topic("Outer", audience=["customers"])
        inner = pages.topic("Inner", outer, products=[ProductFactory.create(slug="erp")])
        page = pages.article("Page", inner)
        assert json.loads(page.help_document.audience.rule) == [["customers"], ["product:erp"]]

    def test_a_narrower_page_keeps_the_rule_above(self, reseller: User, developer: User) -> None:
        shelf = pages.topic("Partners", audience=["resellers", "developers"])
        pages.article("For resellers", shelf, audience=["resellers"])
        assert titles_for(reseller) == {"Partners", "For resellers"}
        assert titles_for(developer) == {"Partners"}

    def test_contradicting_rules_leave_staff_alone(self, reseller: User, developer: User, support: User) -> None:
        shelf = pages.topic("For developers", audience=["developers"])
        pages.article("For resellers below", shelf, audience=["resellers"])
        assert titles_for(reseller) == set()
        assert titles_for(developer) == {"For developers"}
        assert titles_for(support) == {"For developers", "For resellers below"}

    def test_an_unpublished_topic_still_restricts_what_lies_below(self) -> None:
        shelf = pages.topic("Hidden", audience=["developers"])
        page = pages.article("Below", shelf)
        shelf.unpublish()
        assert titles_for(None) == set()
        assert json.loads(HelpDocument.objects.get(pk=page.pk).audience.rule) == [["developers"]]

    def test_a_page_for_one_company_shows_to_its_members_alone(
        self, company: Company, owner: User, viewer: User, stranger: User, developer: User
    ) -> None:
        pages.article("Only Savanna", companies=[company])
        assert titles_for(owner) == titles_for(viewer) == {"Only Savanna"}
        assert titles_for(stranger) == titles_for(developer) == titles_for(None) == set()

    def test_a_page_for_two_companies_shows_to_both(
        self, company: Company, other_company: Company, owner: User, stranger: User
    ) -> None:
        pages.article("Both", companies=[company, other_company])
        assert titles_for(owner) == titles_for(stranger) == {"Both"}

    def test_groups_and_products_of_one_page_are_alternatives(
        self, owner: User, stranger: User, developer: User
    ) -> None:
        pages.article("ERP", audience=["developers"], products=[ProductFactory.create(slug="erp")])
        assert titles_for(owner) == titles_for(developer) == {"ERP"}
        assert titles_for(stranger) == set()

    def test_closing_a_product_closes_its_pages(self, company: Company, owner: User) -> None:
        pages.article("ERP", products=[ProductFactory.create(slug="erp")])
        assert titles_for(owner) == {"ERP"}
        ProductAccess.objects.filter(company=company).update(is_open=False)
        assert titles_for(owner) == set()


class TestReaders:
    def test_a_member_holds_company_and_open_products(self, company: Company, viewer: User) -> None:
        assert reader_of(viewer) == Reader(
            frozenset({"customers", "product:erp", f"company:{company.public_id}"}), kind="customers"
        )

    def test_an_agency_reads_as_developers_do(self, developer: User, agency_admin: User) -> None:
        assert reader_of(developer) == reader_of(agency_admin) == Reader(frozenset({"developers"}), kind="developers")

    def test_a_reseller_holds_one_key(self, reseller: User) -> None:
        assert reader_of(reseller) == Reader(frozenset({"resellers"}), kind="resellers")

    @pytest.mark.parametrize("who", ["support", "finance", "staff"])
    def test_those_who_work_for_the_vendor_read_everything(self, who: str, request: pytest.FixtureRequest) -> None:
        assert reader_of(request.getfixturevalue(who)) == Reader(reads_all=True, kind="staff")

    def test_a_visitor_and_somebody_without_a_desk_hold_nothing(self, editor: User) -> None:
        assert reader_of(None) == reader_of(editor) == Reader()

    def test_readable_ids_take_one_query_with_the_products(
        self, company: Company, viewer: User, django_assert_num_queries
    ) -> None:
        desk = desks.desk_in_use(viewer, None)
        with django_assert_num_queries(1):
            reader = reader_at(desk)
            Audience.objects.readable_by(reader)
        with django_assert_num_queries(1):
            assert Audience.objects.readable_by(Reader(reader.keys)) == Audience.objects.readable_by(reader)


class TestThoseWhoAreGone:
    """A page kept for a company or a product stays closed when that is deleted, whatever editors do to it later."""

    def closed_to_all_but_staff(self, clients: dict[str, Client]) -> None:
        answers = {name: client.get("/help/kept/").status_code for name, client in clients.items()}
        assert answers == {**dict.fromkeys(CAST, 404), "support": 200, "finance": 200, "staff": 200}
        assert_nothing_to_mend()

    @pytest.mark.usefixtures("portal_site")
    def test_a_page_kept_for_a_deleted_company_never_opens(
        self, clients: dict[str, Client], other_company: Company
    ) -> None:
        page = pages.article("Kept", companies=[other_company])
        draft = page.save_revision()
        other_company.delete()
        self.closed_to_all_but_staff(clients)
        pages.publish(page)
        self.closed_to_all_but_staff(clients)
        draft.publish()
        self.closed_to_all_but_staff(clients)

    @pytest.mark.usefixtures("portal_site")
    def test_a_draft_for_a_deleted_company_is_published_closed(
        self, clients: dict[str, Client], other_company: Company
    ) -> None:
        page = pages.article("Kept")
        page.audience_companies = [HelpPageCompany(company=other_company)]
        draft = page.save_revision()
        Company.objects.filter(pk=other_company.pk).delete()
        draft.publish()
        self.closed_to_all_but_staff(clients)

    @pytest.mark.usefixtures("portal_site")
    def test_a_page_kept_for_a_deleted_product_never_opens(self, clients: dict[str, Client]) -> None:
        product = ProductFactory.create(slug="fleet")
        topic = pages.topic("Kept", products=[product])
        below = pages.article("Below", topic)
        draft = topic.save_revision()
        product.delete()
        self.closed_to_all_but_staff(clients)
        draft.publish()
        pages.publish(below)
        self.closed_to_all_but_staff(clients)
        assert {name for name, c in clients.items() if c.get("/help/kept/below/").status_code == 200} == {
            "support",
            "finance",
            "staff",
        }

    def test_the_other_company_of_a_rule_reads_on(
        self, portal_site: None, owner: User, stranger: User, company: Company, other_company: Company
    ) -> None:
        page = pages.article("Kept", companies=[company, other_company])
        other_company.delete()
        pages.publish(page)
        assert titles_for(owner) == {"Kept"}
        assert titles_for(User.objects.get(pk=stranger.pk)) == set()
