"""A component is drawn once for the same words, and anew whenever it could look different."""

import pytest
from django.template import Context, Engine
from django.utils.safestring import mark_safe

from portal.core.templatetags import components_once

PARTS = {
    "components/word.html": "<b>{{ word }}</b>",
    "components/list.html": "{% for word in words %}{{ word }} {% endfor %}",
    "components/form.html": "{{ csrf_token }}",
    "other.html": "{{ word }}",
}


class Counting:
    """A word that tells how often it was asked for."""

    def __init__(self):
        self.asked = 0

    def __str__(self):
        self.asked += 1
        return "word"


def engine(*, debug=False):
    loaders = [("django.template.loaders.locmem.Loader", PARTS)]
    return Engine(loaders=loaders, debug=debug, builtins=["portal.core.templatetags.components_once"])


def draw(source, **context):
    return engine().from_string(source).render(Context(context))


@pytest.fixture(autouse=True)
def nothing_kept():
    components_once.forget()


def test_same_words_are_drawn_once():
    source = '{% include "components/word.html" with word=word only %}'
    assert [draw(source, word="one"), draw(source, word="one")] == ["<b>one</b>", "<b>one</b>"]
    assert len(components_once._drawn) == 1


def test_other_words_are_drawn_anew():
    source = '{% include "components/word.html" with word=word only %}'
    assert [draw(source, word=word) for word in ("one", "two", None, 1, True)] == [
        "<b>one</b>",
        "<b>two</b>",
        "<b>None</b>",
        "<b>1</b>",
        "<b>True</b>",
    ]


def test_text_and_html_of_the_same_letters_are_told_apart():
    source = '{% include "components/word.html" with word=word only %}'
    assert draw(source, word=mark_safe("<i>x</i>")) == "<b><i>x</i></b>"
    assert draw(source, word="<i>x</i>") == "<b>&lt;i&gt;x&lt;/i&gt;</b>"


def test_objects_lists_and_long_texts_are_not_kept():
    word = Counting()
    source = '{% include "components/word.html" with word=word only %}'
    assert draw(source, word=word) + draw(source, word=word) == "<b>word</b><b>word</b>"
    assert word.asked == 2
    assert draw('{% include "components/list.html" with words=words only %}', words=["a", "b"]) == "a b "
    assert draw(source, word="x" * 301) == f"<b>{'x' * 301}</b>"
    assert components_once._drawn == {}


def test_tokens_are_never_kept():
    assert draw('{% include "components/form.html" with csrf_token=token only %}', token="secret") == "secret"
    assert components_once._drawn == {}


def test_includes_that_see_the_context_and_other_templates_are_djangos():
    assert draw('{% include "components/word.html" %}', word="one") == "<b>one</b>"
    assert draw('{% include "other.html" with word="two" only %}') == "two"
    assert components_once._drawn == {}


def test_nothing_is_kept_while_debugging():
    template = engine(debug=True).from_string('{% include "components/word.html" with word="one" only %}')
    assert template.render(Context()) == "<b>one</b>"
    assert components_once._drawn == {}


def test_a_full_store_begins_anew(monkeypatch):
    monkeypatch.setattr(components_once, "MOST", 3)
    for word in "abcd":
        draw('{% include "components/word.html" with word=word only %}', word=word)
    assert len(components_once._drawn) == 1
