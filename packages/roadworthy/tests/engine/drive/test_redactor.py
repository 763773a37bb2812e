"""Secrets leave no trace in what a run keeps."""

import base64
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from roadworthy.engine.drive.redactor import Redactor


def test_secret_is_replaced_in_every_spelling() -> None:
    redactor = Redactor()
    redactor.know("API_TOKEN", "s3cret/+value")
    encoded = base64.b64encode(b"s3cret/+value").decode()

    clean = redactor.clean(f"a s3cret/+value b {quote('s3cret/+value', safe='')} c {encoded}")

    assert clean == "a [API_TOKEN] b [API_TOKEN] c [API_TOKEN]"


def test_longer_secret_wins_over_one_it_contains() -> None:
    redactor = Redactor()
    redactor.know("short", "abcdef")
    redactor.know("long", "abcdefghij")

    assert redactor.clean("abcdefghij abcdef") == "[long] [short]"


def test_control_characters_are_not_kept() -> None:
    assert Redactor().clean("a\x1b[31mb\x07\n") == "a\N{REPLACEMENT CHARACTER}[31mb\N{REPLACEMENT CHARACTER}\n"


@given(st.text(alphabet="abcdefgh0123/+", min_size=6, max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_no_secret_survives(secret: str, before: str, after: str) -> None:
    redactor = Redactor()
    redactor.know("X", secret)

    assert secret not in redactor.clean(before + secret + after).replace("[X]", "\n")
