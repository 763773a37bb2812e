"""The tree of an nginx configuration."""

import pytest

from roadworthy.model.source import SourceFile
from roadworthy.model.words import FileRole
from roadworthy.syntax import nginx, nginx_pass, tls_names
from roadworthy.syntax.problem import SyntaxProblem


def parse(text: str) -> nginx.Directive:
    return nginx.parse(SourceFile("nginx.conf", text, FileRole.PROD))


def test_blocks_quotes_comments_and_variables_are_read_with_their_places() -> None:
    root = parse("# a\nserver {\n    add_header X 'a; {b}';\n    set $a ${b}c; # d\n}\n")
    server = next(root.all("server"))
    header, variable = server.block or []

    assert header.texts == ("X", "a; {b}")
    assert (header.at.line, header.at.column) == (3, 5)
    assert variable.texts == ("$a", "${b}c")


def test_lua_is_skipped_whole() -> None:
    root = parse(
        "location / {\n  content_by_lua_block {\n    if a then x = {1} end -- }\n    y = '}'\n  }\n  return 200;\n}\n"
    )

    assert [d.name for d in next(root.all("location")).block or []] == ["content_by_lua_block", "return"]


@pytest.mark.parametrize(
    ("text", "line"), [("server {", 1), ("server {\n a b\n}", 3), ("}", 1), ("a 'b", 1), ("a b", 1), ("{ }", 1)]
)
def test_what_nginx_refuses_is_a_problem_with_its_line(text: str, line: int) -> None:
    with pytest.raises(SyntaxProblem) as problem:
        parse(text)

    assert problem.value.line == line


@pytest.mark.parametrize(
    ("text", "host", "port", "path"),
    [
        ("http://a", "a", 80, None),
        ("https://a/", "a", 443, "/"),
        ("http://a:8000$request_uri", "a", 8000, None),
        ("http://[::1]:80/x", "[::1]", 80, "/x"),
    ],
)
def test_parts_of_an_address_are_told_apart(text: str, host: str, port: int, path: str | None) -> None:
    read = nginx_pass.passed(text)

    assert read is not None
    assert (read.host, read.port, read.path) == (host, port, path)


@pytest.mark.parametrize(
    ("word", "fault"),
    [
        ("ECDHE-RSA-AES128-GCM-SHA256", ""),
        ("ECDHE-RSA-AES256-GCM-SHA512", "unknown"),
        ("EECDH+AESGCM", ""),
        ("!aNULL", ""),
        ("RC4-SHA", "weak"),
        ("HIGH", ""),
        ("TLS_AES_128_GCM_SHA256", ""),
    ],
)
def test_ciphers_are_those_of_openssl(word: str, fault: str) -> None:
    assert tls_names.cipher_fault(word) == fault
