"""Where the rules of test_forbidden.py do not hold, and why. An entry that is not needed any more fails."""

# (file, what is found there) -> reason
ALLOWED: dict[tuple[str, str], str] = {
    ("helpcenter/knowledge/models/documents.py", "SafeString"): "the body is made by our own templates, which escape",
    ("helpcenter/knowledge/receivers.py", "signal of a save"): "Wagtail has no signal of its own for a deleted page",
    ("helpcenter/knowledge/services/highlighting.py", "SafeString"): "escapes the text before it adds mark elements",
    ("helpcenter/knowledge/services/searching.py", "SafeString"): "a type: made by highlighting alone",
    ("helpcenter/knowledge/services/suggesting.py", "SafeString"): "a type: made by highlighting alone",
    (
        "helpcenter/knowledge/services/ranking.py",
        "raw SQL",
    ): "ranks candidates in one statement; text static, values bound",
    (
        "helpcenter/knowledge/services/cards.py",
        "raw SQL",
    ): "answers sooner than a queryset is put together; values bound",
    (
        "helpcenter/knowledge/services/synonyms.py",
        "raw SQL",
    ): "answers sooner than a queryset is put together; values bound",
    ("helpcenter/knowledge/services/suggesting.py", "raw SQL"): "suggests in one statement; text static, values bound",
    (
        "helpcenter/knowledge/services/vocabulary.py",
        "raw SQL",
    ): "counts words in one statement; text static, values bound",
    (
        "billing/usage/services/quantities.py",
        "raw SQL",
    ): "answers hundreds of questions in one statement; text static, values bound",
    (
        "billing/usage/services/rolling.py",
        "raw SQL",
    ): "figures are made within the database, in one statement; text static, values bound",
    (
        "home/demo/scale/tables.py",
        "raw SQL",
    ): "bulk_create refuses models that inherit a table; text static but for names",
    ("portal/contracts/markup.py", "SafeString"): "previews of texts that it has sanitised, with values as text nodes",
    ("portal/contracts/paging.py", "SafeString"): "cuts the frozen text, which our own templates made and sanitised",
    ("portal/contracts/signing_pages.py", "SafeString"): "a type: made by paging alone",
    ("portal/core/bulk.py", "raw SQL"): "bulk_create does not say how many rows were new; text static but for names",
    ("portal/core/encryption.py", "print"): "the command in the docstring that makes a key",
    ("portal/core/services/dumps.py", "raw SQL"): "exports a snapshot and counts tables that have no model",
    ("portal/core/locks.py", "raw SQL"): "advisory locks have no form in the ORM",
    ("portal/core/questions.py", "raw SQL"): "asks again what a queryset asked, without putting it together anew",
    ("portal/core/reader_cache.py", "signal of a save"): "what a kept page shows of a person is saved in many ways",
    ("portal/core/templatetags/remembering.py", "SafeString"): "keeps what a template has drawn and escaped",
    ("portal/core/templatetags/components_once.py", "SafeString"): "keeps what a template has drawn and escaped",
    (
        "portal/notifications/views/unsubscribing.py",
        "csrf_exempt",
    ): "mail programs post without a token (RFC 8058); the signed address is the proof",
    ("templates/emails/letter.html", "inline style"): "mail programs read no style sheets of ours",
    ("templates/knowledge/llms.txt", "autoescape off"): "plain text, served as such",
}

# The most `noqa` and `type: ignore` comments that the repository may have.
MOST_SUPPRESSIONS = 10
