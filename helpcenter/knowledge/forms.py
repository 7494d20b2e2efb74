"""Forms of the help center."""

from django import forms

from helpcenter.knowledge.services.feedback import COMMENT_LENGTH


class FeedbackForm(forms.Form):
    """A vote, with a comment if the reader likes."""

    helpful = forms.TypedChoiceField(
        label="Was this page helpful?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda answer: answer == "yes",
        error_messages={"required": "Choose yes or no.", "invalid_choice": "Choose yes or no."},
    )
    comment = forms.CharField(
        label="What was good, or what is missing?",
        required=False,
        max_length=COMMENT_LENGTH,
        error_messages={
            "max_length": "Please keep the comment under %(limit_value)d characters; it has %(show_value)d.",
            "null_characters_not_allowed": "The comment holds characters that cannot be kept. Please type it anew.",
        },
    )

    @property
    def answer(self) -> str:
        """The answer that was chosen, empty where it was none."""
        chosen = str(self["helpful"].value() or "")
        return chosen if chosen in {"yes", "no"} else ""

    @property
    def refusal(self) -> str:
        """Why the vote was not taken, in one line."""
        return " ".join(str(error) for errors in self.errors.values() for error in errors)


class ClickForm(forms.Form):
    """A result that was opened: the search, the page, its place in the list (0 for a promoted one)."""

    search = forms.UUIDField()
    page = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    rank = forms.IntegerField(min_value=0, max_value=1000)


class AnswerForm(forms.Form):
    """An editor's answer to a comment."""

    answer = forms.CharField(
        label="Your answer",
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="The reader sees it below the page.",
    )
