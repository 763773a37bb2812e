"""Addresses and their parts."""

from hypothesis import given
from hypothesis import strategies as st

from roadworthy.syntax.address import address


def test_all_parts_are_read() -> None:
    found = address("postgresql+asyncpg://app:p%40ss@db:5433/shop?ssl=1")

    assert found is not None
    assert (found.scheme, found.host, found.port, found.user) == ("postgresql+asyncpg", "db", 5433, "app")
    assert (found.password, found.path) == ("p@ss", "/shop")


def test_parts_taken_from_elsewhere_are_unknown() -> None:
    found = address("postgresql://${USER}:${shop/password}@${HOST}:5432/${DB}")

    assert found is not None
    assert (found.host, found.user, found.password, found.port) == (None, None, "${shop/password}", 5432)


def test_shown_address_has_no_credentials() -> None:
    found = address("redis://:hunter2@cache:6379/0")

    assert found is not None
    assert found.shown() == "redis://***@cache:6379/0"


def test_other_texts_are_none() -> None:
    assert address("info") is None
    assert address("see http://x for more") is None


@given(st.text(max_size=80))
def test_any_text_is_survived(text: str) -> None:
    address(text)
    address("http://" + text)
