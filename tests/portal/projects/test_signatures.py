"""Signatures of GitHub's webhooks."""

import pytest

from portal.projects.github.signatures import fits, sign

SECRET = "It's a Secret to Everybody"


def test_githubs_own_vector_fits() -> None:
    signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert sign(secret=SECRET, body=b"Hello, World!") == signature
    assert fits(secrets=["other", SECRET], body=b"Hello, World!", signature=signature)


@pytest.mark.parametrize(
    ("secrets", "body", "signature"),
    [
        ([SECRET], b"Hello, World?", sign(secret=SECRET, body=b"Hello, World!")),
        (["other"], b"Hello, World!", sign(secret=SECRET, body=b"Hello, World!")),
        ([SECRET], b"Hello, World!", sign(secret=SECRET, body=b"Hello, World!").upper()),
        ([SECRET], b"Hello, World!", sign(secret=SECRET, body=b"Hello, World!")[:-1]),
        ([SECRET], b"Hello, World!", ""),
        ([SECRET], b"Hello, World!", "sha256=ü"),
        ([], b"Hello, World!", sign(secret="", body=b"Hello, World!")),
        ([""], b"Hello, World!", sign(secret="", body=b"Hello, World!")),
    ],
)
def test_anything_else_does_not_fit(secrets: list[str], body: bytes, signature: str) -> None:
    assert not fits(secrets=secrets, body=body, signature=signature)
