"""Ports that code opens."""

import pytest

from roadworthy.collect.python import listening
from roadworthy.model.detail.port import PortUse
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Open, Symbol, Unreadable
from roadworthy.model.words import FileRole

_GUARD = "if __name__ == '__main__':\n    "


def ports(code: str) -> list[tuple[str, str, str]]:
    return [
        (str(s.name), s.phase, s.detail.variable)
        for s in listening.collect(SourceFile("app.py", code, FileRole.PROD))
        if isinstance(s, Symbol) and isinstance(s.detail, PortUse)
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (f"import uvicorn\n{_GUARD}uvicorn.run('a:b', port=9000)\n", ("9000", "script", "")),
        (f"import uvicorn\nPORT = 9000\n{_GUARD}uvicorn.run('a:b', port=PORT)\n", ("9000", "script", "")),
        (f"import uvicorn\n{_GUARD}uvicorn.run('a:b')\n", ("8000", "script", "")),
        (
            f"import os, uvicorn\n{_GUARD}uvicorn.run('a:b', port=int(os.getenv('PORT', '9000')))\n",
            ("9000", "script", "PORT"),
        ),
        (f"from flask import Flask\napp = Flask('x')\n{_GUARD}app.run(port=9000)\n", ("9000", "script", "")),
        ("from prometheus_client import start_http_server\nstart_http_server(9100)\n", ("9100", "run", "")),
    ],
)
def test_ports_are_read(code: str, expected: tuple[str, str, str]) -> None:
    assert ports(code) == [expected]


def test_a_computed_port_of_a_script_is_unreadable_and_opens_nothing_by_itself() -> None:
    code = f"import uvicorn\nfrom x import settings\n{_GUARD}uvicorn.run('a:b', port=settings.port)\n"

    (symbol,) = listening.collect(SourceFile("app.py", code, FileRole.PROD))

    assert isinstance(symbol, Symbol)
    assert isinstance(symbol.name, Unreadable)


def test_a_computed_port_of_a_second_server_opens_the_set() -> None:
    code = "from prometheus_client import start_http_server\nfrom x import port\nstart_http_server(port)\n"

    (opening,) = listening.collect(SourceFile("app.py", code, FileRole.PROD))

    assert isinstance(opening, Open)


def test_other_run_methods_are_not_servers() -> None:
    assert ports("import asyncio\nasyncio.run(main())\njob.run(port=1)\n") == []
