"""A refusal of the domain becomes an error of the form."""

import pytest
from django import forms
from django.http import HttpResponse
from django.test import RequestFactory
from django.views.generic import FormView

from portal.core.errors import Conflict, DomainError, InvalidTransition
from portal.core.forms import RefusalsMixin, refusals_on


class Pay(forms.Form):
    amount = forms.IntegerField()


class TooMuch(DomainError):
    code = "too_much"


@pytest.fixture
def form() -> Pay:
    form = Pay({"amount": "5"})
    assert form.is_valid()
    return form


def test_refusal_that_names_a_field_stands_on_it(form):
    with refusals_on(form):
        raise TooMuch("That is more than is owed.", field="amount")
    assert form.errors.as_data()["amount"][0].code == "too_much"
    assert form.errors == {"amount": ["That is more than is owed."]}


@pytest.mark.parametrize("field", ["", "currency"])
def test_refusal_that_names_no_field_of_the_form_stands_on_top(form, field):
    with refusals_on(form):
        raise TooMuch("That is more than is owed.", field=field)
    assert form.non_field_errors() == ["That is more than is owed."]


def test_nothing_is_added_where_nothing_was_refused(form):
    with refusals_on(form):
        pass
    assert form.errors == {}


def test_other_exceptions_pass(form):
    with pytest.raises(ZeroDivisionError), refusals_on(form):
        raise ZeroDivisionError
    assert form.errors == {}


class Charge(FormView):
    success_url = "/done/"

    def form_valid(self, form):
        if form.cleaned_data["amount"] > 10:
            raise TooMuch("That is more than is owed.", field="amount")
        return super().form_valid(form)


class MixedView(RefusalsMixin, Charge):
    form_class = Pay

    def form_invalid(self, form):
        return HttpResponse(str(form.errors["amount"][0]), status=422)


def test_class_based_view_shows_the_form_again():
    response = MixedView.as_view()(RequestFactory().post("/", {"amount": "11"}))
    assert (response.status_code, response.content) == (422, b"That is more than is owed.")


def test_class_based_view_goes_on_when_nothing_is_refused():
    response = MixedView.as_view()(RequestFactory().post("/", {"amount": "10"}))
    assert (response.status_code, response["Location"]) == (302, "/done/")


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (DomainError("No."), "refused", 422),
        (DomainError("No.", "not_today"), "not_today", 422),
        (TooMuch("No."), "too_much", 422),
        (Conflict("No."), "conflict", 409),
        (InvalidTransition("No.", possible=("send",)), "invalid_transition", 409),
    ],
)
def test_error_carries_message_code_and_status(error, code, status):
    assert (error.message, str(error), error.code, error.status) == ("No.", "No.", code, status)
