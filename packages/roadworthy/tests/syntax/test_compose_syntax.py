"""The small languages of compose files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.syntax.compose.interpolation import Taken, interpolate
from roadworthy.syntax.compose.mount import mount
from roadworthy.syntax.compose.port import Published, published
from roadworthy.syntax.duration import seconds


@pytest.mark.parametrize(
    ("text", "read", "taken"),
    [
        ("a$$b", "a$b", ()),
        ("$A", None, (Taken("A", None),)),
        ("${A:-x}/${B-y}", "x/y", (Taken("A", "x"), Taken("B", "y"))),
        ("${A:-${B:-z}}", "z", (Taken("A", "z"), Taken("B", "z"))),
        ("${A:?must be set}", None, (Taken("A", None),)),
        ("${A:+yes}", None, (Taken("A", ""),)),
        ("${broken", "${broken", ()),
        ("100$", "100$", ()),
    ],
)
def test_interpolation(text: str, read: str | None, taken: tuple[Taken, ...]) -> None:
    found = interpolate(text)

    assert (found.text, found.taken) == (read, taken)


def test_ports_with_addresses_of_both_kinds() -> None:
    assert published("[::1]:80:8080/udp") == (Published("8080", "80", "::1", "udp"),)
    assert published("127.0.0.1::8080") == (Published("8080", "", "127.0.0.1", "tcp"),)
    assert published("host:port") is None


def test_mount_of_another_platform() -> None:
    assert mount("C:\\data:/data:ro").source == "C:\\data"


def test_lengths_of_time() -> None:
    assert [seconds(t) for t in ("1m30s", "500ms", "10", "soon", None)] == [90.0, 0.5, 10.0, None, None]


@given(st.text(alphabet="${}:-AB?+ 1", max_size=30))
def test_any_text_is_survived(text: str) -> None:
    found = interpolate(text)

    assert "*" in found.shown or found.text is not None or found.taken
    published(text)
    mount(text)
    seconds(text)
