"""Forms in which a company says who it is."""

from typing import Any, ClassVar

from django import forms

from portal.accounts import countries, phones, tax_ids
from portal.accounts.models import Company, Industry, Size, User
from portal.accounts.services import domains
from portal.core import files
from portal.core.forms import refusals_on
from portal.core.names import ONE_LINE

WEB_ADDRESS = "Write a web address, such as https://example.com."


def some(choices: list[tuple[str, str]], empty: str) -> list[tuple[str, str]]:
    """Choices with a first one that says that nothing is chosen."""
    return [("", empty), *choices]


def consent_field() -> forms.BooleanField:
    """The box without which nobody goes on."""
    return forms.BooleanField(
        label="I agree to the terms of service and the privacy notice",
        error_messages={"required": "Tick this to go on."},
    )


class CompanyFields(forms.Form):
    """What is asked of every new company."""

    company_name = forms.CharField(
        max_length=120,
        label="Company name",
        validators=[ONE_LINE],
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    country = forms.ChoiceField(choices=countries.choices, initial=countries.DEFAULT)
    industry = forms.ChoiceField(choices=some(Industry.choices, "Choose an industry"))
    size = forms.ChoiceField(label="How many people work there?", choices=some(Size.choices, "Choose a size"))

    def company_values(self) -> dict[str, str]:
        """The company as `companies.register` takes it."""
        given = self.cleaned_data
        return {
            "name": given["company_name"],
            "country": given["country"],
            "industry": given["industry"],
            "size": given["size"],
        }


class AnotherCompanyForm(CompanyFields):
    """A further company of somebody who has an account."""

    consent = consent_field()


class ProfileForm(forms.ModelForm[Company]):
    """The company's profile; saved by `companies.change`."""

    tax_id = forms.CharField(label="Tax number", max_length=40, required=False)
    country = forms.ChoiceField(choices=countries.choices)
    industry = forms.ChoiceField(choices=some(Industry.choices, "Not said"), required=False)
    size = forms.ChoiceField(label="People", choices=some(Size.choices, "Not said"), required=False)
    website = forms.URLField(required=False, assume_scheme="https", error_messages={"invalid": WEB_ADDRESS})
    labs_url = forms.URLField(
        required=False,
        assume_scheme="https",
        error_messages={"invalid": WEB_ADDRESS},
        label="Labs workspace",
        help_text="The address of your workspace, if you are a customer of Labs.",
    )

    def clean(self) -> dict[str, Any]:
        """Say what is wrong with the numbers along with everything else."""
        given = super().clean() or self.cleaned_data
        for name, check in (("tax_id", tax_ids.check), ("phone", phones.check)):
            if given.get(name) and given.get("country"):
                with refusals_on(self):
                    check(given[name], country=given["country"])
        return given

    class Meta:
        model = Company
        fields = [
            "name",
            "legal_name",
            "registration_number",
            "tax_id",
            "country",
            "industry",
            "size",
            "website",
            "email",
            "phone",
            "labs_url",
        ]
        labels = {"legal_name": "Registered name", "email": "Contact e-mail", "phone": "Contact phone"}
        help_texts = {
            "legal_name": "As it stands on your certificate of registration.",
            "phone": "As one dials it in the country, or with + and the country code.",
        }


class AddressForm(forms.ModelForm[Company]):
    """Where invoices go; saved by `companies.change`."""

    NEEDED: ClassVar[dict[str, str]] = {
        "billing_email": "Write the address that invoices go to.",
        "billing_street": "Write the street or the P.O. box: invoices need it.",
        "billing_city": "Write the town: invoices need it.",
    }

    billing_country = forms.ChoiceField(
        label="Country", choices=lambda: some(countries.choices(), "As the company"), required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, words in self.NEEDED.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = words

    class Meta:
        model = Company
        fields = [
            "billing_email",
            "billing_street",
            "billing_postal_code",
            "billing_city",
            "billing_region",
            "billing_country",
        ]
        labels = {
            "billing_email": "E-mail address for invoices",
            "billing_street": "Street or P.O. box",
            "billing_postal_code": "Postal code",
            "billing_city": "Town",
            "billing_region": "County or region",
        }


class LogoForm(forms.Form):
    """A picture for the company."""

    logo = files.UploadField(
        kinds=files.PICTURES, most_bytes=2 * 1024 * 1024, label="Logo", help_text="JPG, PNG or WEBP, at most 2 MB."
    )


class DomainForm(forms.Form):
    """The company's own e-mail domain, out of those that whoever chooses can prove."""

    email_domain = forms.ChoiceField(label="E-mail domain", required=False)

    def __init__(self, *args: Any, user: User, company: Company, **options: Any) -> None:
        super().__init__(*args, **options)
        mine = {*domains.domains_of(user), *filter(None, [company.email_domain])}
        field = self.fields["email_domain"]
        field.initial = company.email_domain
        if isinstance(field, forms.ChoiceField):
            field.choices = some([(name, name) for name in sorted(mine)], "None")
