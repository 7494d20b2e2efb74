"""How text becomes words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.knowledge.models.words import deletion_keys, fold, indexable, normalise, sentence_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Set up VAT (16 %)", "set up vat 16"),
        ("The customer's invoice", "the customer invoice"),
        ("Don\u2019t post twice", "dont post twice"),
        ("Résumé, naïve & Öl", "resume naive ol"),
        ("G/L e-mail_address", "g l e mail address"),
        ("Straße", "strasse"),
        ("\ufb01nance", "finance"),
        ("إعداد الفاتورة", "إعداد الفاتورة".replace("إ", "ا")),
        ("請求書", "請 求 書"),
        ("😀 \0\u200b …", ""),
        ("", ""),
    ],
)
def test_text_becomes_small_words_without_accents_and_punctuation(text: str, words: str) -> None:
    assert normalise(text) == words


@given(st.text(max_size=200))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=200))
def test_folding_keeps_every_letter_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_empty_texts_leave_no_double_space() -> None:
    assert sentence_of("Pay", "", "the bill") == "pay the bill"


def test_words_too_long_to_be_words_are_not_kept() -> None:
    assert indexable(f"pay {'x' * 41} {'y' * 40}") == {"pay", "y" * 40}


LETTERS = st.text(alphabet="abcdefghij", min_size=5, max_size=14)


@given(LETTERS, st.integers(0, 12))
def test_a_dropped_letter_leaves_a_common_key(word: str, at: int) -> None:
    at %= len(word)
    assert set(deletion_keys(word)) & set(deletion_keys(word[:at] + word[at + 1 :]))


@given(LETTERS, st.integers(0, 12))
def test_a_doubled_letter_leaves_a_common_key(word: str, at: int) -> None:
    at %= len(word)
    assert set(deletion_keys(word)) & set(deletion_keys(word[: at + 1] + word[at:]))


@given(LETTERS, st.integers(0, 12))
def test_swapped_letters_leave_a_common_key(word: str, at: int) -> None:
    at %= len(word) - 1
    assert set(deletion_keys(word)) & set(deletion_keys(word[:at] + word[at + 1] + word[at] + word[at + 2 :]))


@pytest.mark.parametrize(
    ("word", "keys"),
    [("", ()), ("tax", ("tax",)), ("bill", ("bil", "bill", "bll", "ill"))],
)
def test_short_words_have_few_keys(word: str, keys: tuple[str, ...]) -> None:
    assert deletion_keys(word) == keys


def test_long_words_are_known_by_their_beginning() -> None:
    assert len(deletion_keys("reconciliation")) == 1 + 7 + 21
    assert "reconc" in deletion_keys("reconciliation")
