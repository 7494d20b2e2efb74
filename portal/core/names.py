"""Names that stand in headings, subjects of mails and sentences, written by people whom their readers need not know."""

from django.core.validators import RegexValidator

# Without control characters, breaks of lines, and what turns the direction of the letters that follow.
ONE_LINE = RegexValidator(
    r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+\Z",
    "Write it in one line, without special characters.",
    code="one_line",
)
