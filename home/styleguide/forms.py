"""A form with a control of each kind."""

from django import forms


class SampleForm(forms.Form):
    """Every kind of control; bound to nothing it shows each error."""

    company = forms.CharField(label="Company name", help_text="As it stands on your certificate of incorporation.")
    email = forms.EmailField(label="E-mail address", required=False)
    country = forms.ChoiceField(choices=[("", "Choose a country"), ("KE", "Kenya"), ("UG", "Uganda")])
    billing = forms.ChoiceField(
        label="Billed", choices=[("month", "Monthly"), ("year", "Yearly, two months free")], widget=forms.RadioSelect
    )
    products = forms.MultipleChoiceField(
        choices=[("erp", "ERP"), ("sacco", "SACCO"), ("payroll", "Payroll")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    starts_on = forms.DateField(label="Starts on", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    about = forms.CharField(label="Anything else?", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    terms = forms.BooleanField(label="I agree to the terms of service")
