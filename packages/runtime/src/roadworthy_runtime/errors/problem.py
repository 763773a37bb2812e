"""The error a caller sees: an RFC 9457 problem with a code to branch on and the request id to ask about."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus

import orjson
from starlette.exceptions import HTTPException

from roadworthy_runtime import contract
from roadworthy_runtime.correlation import request_id

_CODE = re.compile(r"[A-Z][A-Z0-9_]*\Z").match
_CONTENT_TYPE = contract.PROBLEM_CONTENT_TYPE.encode()


class Problem(HTTPException):
    """An answer other than success that the service gives on purpose.

    Given the status (400 to 599), a code in capitals and one plain sentence; further keywords become members of the
    answer. Raise ValueError when one of them is not possible.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **members: object,
    ) -> None:
        if not 400 <= status <= 599:
            raise ValueError(f"Problem: status {status} is not an error; expected 400 to 599")
        if not _CODE(code):
            raise ValueError(f"Problem: code {code!r} is not written in capitals; expected for example STALE_REVISION")
        taken = sorted(set(members) & set(contract.PROBLEM_FIELDS))
        if taken:
            raise ValueError(f"Problem: {', '.join(taken)} already has a meaning in the answer; choose another name")
        super().__init__(status, detail, headers)
        self.code = code
        self.members = members


def code_for(status: int) -> str:
    """The code of an error that named none itself."""
    known = contract.CODES.get(status)
    if known is not None:
        return known
    try:
        return HTTPStatus(status).name
    except ValueError:
        return "ERROR"


def title_for(status: int) -> str:
    """The phrase the status is known by."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def problem_body(
    status: int,
    code: str,
    detail: str | None = None,
    *,
    members: Mapping[str, object] | None = None,
    errors: Sequence[Mapping[str, object]] | None = None,
) -> bytes:
    """The answer as bytes; members that JSON cannot hold are written as text."""
    body: dict[str, object] = dict(members or {})
    body |= {"type": "about:blank", "title": title_for(status), "status": status}
    if detail:
        body["detail"] = detail
    body["code"] = code
    body["request_id"] = request_id()
    if errors is not None:
        body["errors"] = errors
    return orjson.dumps(body, default=str, option=orjson.OPT_NON_STR_KEYS)


def problem_headers(body: bytes, extra: Mapping[str, str] | None = None) -> list[tuple[bytes, bytes]]:
    """The headers of such an answer, in the form ASGI sends them."""
    headers = [(b"content-type", _CONTENT_TYPE), (b"content-length", b"%d" % len(body))]
    for name, value in (extra or {}).items():
        if name.lower() not in ("content-type", "content-length"):
            headers.append((name.lower().encode("latin-1"), value.encode("latin-1", "replace")))
    return headers
