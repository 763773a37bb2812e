"""Whatever is logged becomes one line of JSON that gives nothing away."""

import json
import logging
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from roadworthy_runtime.correlation import CURRENT
from roadworthy_runtime.logs.json_lines import JsonLines, encode
from roadworthy_runtime.logs.setup import configure_logs
from roadworthy_runtime.redaction import Redactor

SECRET = "canary-7f3a91c0"
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.builds(object),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=10,
)


def line(message: str, *arguments: object, error: BaseException | None = None, **extra: object) -> dict[str, Any]:
    record = logging.LogRecord("a.logger", logging.WARNING, __file__, 1, message, arguments, None)
    if error is not None:
        record.exc_info = (type(error), error, error.__traceback__)
    record.__dict__.update(extra)
    written: dict[str, Any] = json.loads(encode(JsonLines("tested").line(record)))
    return written


def test_line_has_the_fields_of_the_contract() -> None:
    token = CURRENT.set("caller-id-0001")
    try:
        written = line("saved %d of %d", 1, 2, number=7)
    finally:
        CURRENT.reset(token)

    timestamp = written.pop("timestamp")
    assert timestamp.endswith("Z")
    assert written == {
        "level": "warning",
        "logger": "a.logger",
        "message": "saved 1 of 2",
        "service": "tested",
        "request_id": "caller-id-0001",
        "number": 7,
    }


def test_caller_cannot_replace_a_field_of_the_contract() -> None:
    written = line("hello", service="mine", request_id="forged")

    assert (written["service"], written["extra_service"], written["extra_request_id"]) == ("tested", "mine", "forged")


@given(st.dictionaries(st.text(min_size=1), anything, max_size=5))
def test_any_extra_makes_one_line(extra: dict[str, Any]) -> None:
    data = encode({"message": "hello", **extra})

    assert data.endswith(b"\n")
    assert data.count(b"\n") == 1
    assert "message" in json.loads(data)


def test_circle_and_lone_surrogate_make_a_line() -> None:
    circle: list[Any] = []
    circle.append(circle)

    assert json.loads(encode({"circle": circle, "half": "\ud800", "wide": 1 << 80}))["wide"] == 1 << 80


def test_error_is_written_with_its_stack_and_its_cause() -> None:
    try:
        try:
            raise KeyError("inner")
        except KeyError as inner:
            raise RuntimeError("outer") from inner
    except RuntimeError as error:
        written = line("failed", error=error)

    assert written["error"] == "RuntimeError: outer"
    assert written["stack"].index("KeyError") < written["stack"].index("RuntimeError: outer")
    assert "test_json_lines.py" in written["stack"]


def test_validation_error_is_written_without_its_input() -> None:
    class Model(BaseModel):
        number: int

    with pytest.raises(ValidationError) as raised:
        Model.model_validate({"number": SECRET})

    written = line("failed", error=raised.value)

    assert SECRET not in json.dumps(written)
    assert "number: Input should be a valid integer" in written["error"]


def test_error_without_readable_text_is_still_written() -> None:
    class BrokenError(Exception):
        def __str__(self) -> str:
            raise ValueError

    assert "cannot be read" in line("failed", error=BrokenError())["error"]


def test_record_that_cannot_be_formatted_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[bytes] = []
    monkeypatch.setattr("roadworthy_runtime.logs.json_lines.SINK.write", lines.append)
    record = logging.LogRecord("a.logger", logging.INFO, __file__, 1, "%d", ("x",), None)

    JsonLines("tested").emit(record)

    assert json.loads(lines[0])["message"] == "a log record could not be formatted: TypeError"


@given(st.text(min_size=8, max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_registered_secret_never_leaves(secret: str, before: str, after: str) -> None:
    redactor = Redactor()
    redactor.register(secret)

    written = redactor.clean(encode({"message": before + secret + after}))

    assert secret not in json.loads(written)["message"].replace("[redacted]", "\0\0")


def test_password_of_a_url_is_a_secret_of_its_own() -> None:
    redactor = Redactor()
    redactor.register("postgresql://user:pass%2Fword-1@host/name")

    assert redactor.clean(b'the password is "pass/word-1" or "pass%2Fword-1"') == (
        b'the password is "[redacted]" or "[redacted]"'
    )


def test_servers_access_log_is_off_and_the_rest_is_taken_over() -> None:
    root = logging.getLogger()
    access, server = logging.getLogger("uvicorn.access"), logging.getLogger("uvicorn")
    kept, level = list(root.handlers), root.level
    access.addHandler(logging.StreamHandler(sys.stdout))
    server.addHandler(logging.StreamHandler(sys.stderr))
    server.propagate = False
    root.addHandler(logging.StreamHandler(sys.stderr))
    try:
        configure_logs("tested", "WARNING")
        configure_logs("tested", "WARNING")

        assert not access.hasHandlers()
        assert (server.handlers, server.propagate) == ([], True)
        assert [type(handler) for handler in root.handlers if handler not in kept] == [JsonLines]
        assert set(kept) <= set(root.handlers)
        assert root.level == logging.WARNING
    finally:
        root.handlers[:], root.level = kept, level
        access.propagate = True
