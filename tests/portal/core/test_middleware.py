"""A refusal that no form took up is a page with the error's own status."""

import pytest
from django.http import HttpResponse
from django.urls import path

from portal.core.errors import Conflict, DomainError


def act(request, kind):
    errors = {"conflict": Conflict("This <b>invoice</b> is paid."), "refused": DomainError("Not today.")}
    if kind in errors:
        raise errors[kind]
    if kind == "broken":
        raise ZeroDivisionError
    return HttpResponse("done")


urlpatterns = [path("act/<kind>/", act)]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.mark.parametrize(
    ("kind", "status", "said"),
    [("conflict", 409, "This &lt;b&gt;invoice&lt;/b&gt; is paid."), ("refused", 422, "Not today.")],
)
def test_refusal_is_shown_with_its_status_and_escaped(client, kind, status, said):
    response = client.post(f"/act/{kind}/")
    assert response.status_code == status
    assert said in response.content.decode()


@pytest.mark.parametrize(
    ("referer", "back"),
    [("http://testserver/bills/", "http://testserver/bills/"), ("https://evil.example/", "/"), ("", "/")],
)
def test_page_leads_back_within_the_portal_alone(client, referer, back):
    response = client.post("/act/refused/", headers={"Referer": referer})
    assert response.context["back"] == back
    assert f'href="{back}"' in response.content.decode()


def test_other_exceptions_and_answers_pass(client):
    assert client.post("/act/well/").content == b"done"
    with pytest.raises(ZeroDivisionError):
        client.post("/act/broken/")
