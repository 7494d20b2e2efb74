"""Who a session belongs to, and what its person may do: read in one query each, and anew at each request."""

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.users.models import UserProfile

from portal.accounts.backends import AccountBackend
from portal.accounts.models import User
from tests.cast import client_of

pytestmark = pytest.mark.django_db


def test_rights_of_person_and_groups_are_read_at_once(support: User, finance: User) -> None:
    support.user_permissions.add(Permission.objects.get(codename="delete_company"))
    fresh = User.objects.get(pk=support.pk)
    with CaptureQueriesContext(connection) as queries:
        assert fresh.has_perms(["accounts.delete_company", "accounts.verify_company", "wagtailadmin.access_admin"])
        assert (fresh.has_perm("invoicing.manage_invoice"), fresh.has_module_perms("payments")) == (False, False)
    assert len(queries) == 1
    groups = set(Permission.objects.filter(group__user=finance).values_list("codename", flat=True))
    assert {right.partition(".")[2] for right in User.objects.get(pk=finance.pk).get_all_permissions()} == groups


def test_others_have_the_rights_they_had(staff: User, support: User, owner: User) -> None:
    assert staff.get_all_permissions() == {
        f"{app}.{name}" for app, name in Permission.objects.values_list("content_type__app_label", "codename")
    }
    assert (owner.get_all_permissions(), AnonymousUser().get_all_permissions()) == (set(), set())
    assert AccountBackend().get_all_permissions(support, obj=owner) == set()
    User.objects.filter(pk=support.pk).update(is_active=False)
    assert User.objects.get(pk=support.pk).get_all_permissions() == set()


def test_right_that_was_taken_is_gone_with_the_next_request(support: User) -> None:
    client, address = client_of(support), "/admin/registers/activity/"
    assert client.get(address).status_code == 200
    group = support.groups.get()
    group.permissions.remove(Permission.objects.get(codename="view_activityevent"))
    assert client.get(address).status_code == 302
    group.permissions.add(Permission.objects.get(codename="view_activityevent"))
    assert client.get(address).status_code == 200
    support.groups.clear()
    assert client.get(address).status_code == 302


def test_person_comes_with_the_choices_for_the_admin(support: User, finance: User) -> None:
    UserProfile.objects.create(user=support, theme="dark")
    backend = AccountBackend()
    with CaptureQueriesContext(connection) as queries:
        found, other = backend.get_user(support.pk), backend.get_user(finance.pk)
        assert found is not None
        assert (found.wagtail_userprofile.theme, hasattr(other, "wagtail_userprofile")) == ("dark", False)
    assert len(queries) == 2
    User.objects.filter(pk=support.pk).update(is_active=False)
    assert (backend.get_user(support.pk), backend.get_user(0)) == (None, None)
