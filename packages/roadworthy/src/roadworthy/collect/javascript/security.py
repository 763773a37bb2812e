"""Constructs of JavaScript code that guard secrets badly or let callers write queries and commands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.construct import Construct
from roadworthy.model.facts import Problem
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Call
from roadworthy.syntax.javascript_tree import enclosing

PROVIDES = frozenset({Kind.CONSTRUCT})

_WORDS = (
    *("jsonwebtoken", "createHash", "token", "secret", "Secret", "signature", "query(", "exec(", "headers", "helmet"),
    *("stack", "message", "timingSafeEqual", "raw(", "Unsafe", "Hash", "password", "X-Content", "Strict-Transport"),
)
_SECRET = re.compile(r"(secret|token|signature|hmac|digest|api_?key|password)$", re.IGNORECASE)
_OTHER = re.compile(r"^[A-Z][A-Z0-9_]+$|^(expected|stored|configured|valid|correct)", re.IGNORECASE)
_OURS = re.compile(
    r"process\.env|\b(config|settings|env)\b|^expected|^computed|digest\(|^[A-Z][A-Z0-9_]*(SECRET|TOKEN|KEY)$"
)
_SENTINEL = re.compile(r"\b(NOT|NON|NO|DEFAULT|EMPTY|MISSING|INVALID|UNKNOWN)_|_(NON_EXISTENT|DEFAULT|NOT_FOUND)\b")
_NAMES = frozenset(
    {"identifier", "member_expression", "subscript_expression", "call_expression", "non_null_expression"}
)
_STORED = re.compile(
    r"(secret|password|passwd|pass|pin)_?(hash|digest)$|^hashed_?(secret|password|passwd)$", re.IGNORECASE
)
_PLAIN = re.compile(r"(secret|password|passwd|passphrase|pin)$", re.IGNORECASE)
_PERSON = re.compile(
    r"\.update\(\s*(?:\w+\.)*(?:id|(?:subject|customer|user|person|patient|participant|member|account|owner)_?(?:id)?)\b",
    re.IGNORECASE,
)
_PAIRS = re.compile(r"confirm|repeat|again|old|new|type|count|length", re.IGNORECASE)
_REQUEST = re.compile(r"\b(req|request|ctx|c)\.(body|query|params|headers)\b")
_SQL = re.compile(r"\b(select|insert\s+into|update|delete\s+from|where)\b", re.IGNORECASE)
_QUERYING = frozenset({"query", "raw", "$queryRawUnsafe", "$executeRawUnsafe", "execute"})
_SHELLS = frozenset(
    {"child_process.exec", "child_process.execSync", "node:child_process.exec", "node:child_process.execSync"}
)
_IDENTITY = re.compile(r"x-(user|role|account|tenant|is-admin)(-(id|role|name|email))?s?", re.IGNORECASE)


def wants(path: str) -> bool:
    """Every JavaScript or TypeScript file."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module with words that such constructs go by; what browsers run is another matter."""
    return any(word in file.text for word in _WORDS) and not javascript.is_generated(file) and not _is_browser(file)


def _is_browser(file: SourceFile) -> bool:
    return file.path.endswith((".tsx", ".jsx")) or '"use client"' in file.text or 'from "react"' in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every such construct, sound or not."""
    module = javascript.module(file)
    for at in module.broken:
        yield Problem(at, javascript.UNREADABLE, PROVIDES, file.role)
    reader = _Reader(file, module)
    for call in module.calls:
        yield from reader.token(call)
        yield from reader.hashed(call)
        yield from reader.injected(call)
        yield from reader.leaked(call)
        yield from reader.headers(call)
    for node in module.of("binary_expression"):
        yield from reader.compared(node)
    for node in module.of("subscript_expression"):
        yield from reader.identity(node)


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    module: javascript.Module

    def _construct(self, kind: str, name: str, node: Node, *, sound: bool | None, says: str) -> Symbol:
        detail = Construct(kind, sound, says)
        return Symbol(
            Kind.CONSTRUCT, Action.DEFINES, Exact(name), self.module.span(node), role=self.file.role, detail=detail
        )

    def token(self, call: Call) -> Iterator[Symbol]:
        """Yield tokens that never end, or whose end or signature is not examined."""
        module = self.module
        if call.name == "jsonwebtoken.sign" and call.arguments:
            options = call.arguments[2] if len(call.arguments) > 2 else None
            given = values.options(module, options) if options is not None else {}
            payload = values.options(module, call.arguments[0])
            hidden = options is not None and (not given or values.is_open(module, options))
            empty = self.module.text(call.arguments[0]).replace(" ", "") == "{}"
            # A payload may hold an end of its own, which the service looks at by itself.
            own = any(re.search(r"expir|created_?at|issued_?at|valid", key, re.IGNORECASE) for key in payload)
            hidden = hidden or own or not (payload or empty)
            sound = True if "expiresIn" in given or "exp" in payload else None if hidden else False
            says = "`jwt.sign` makes a token that never ends: it has no `expiresIn`"
            yield self._construct("token", call.name, call.node, sound=sound, says=says)
        elif call.name == "jsonwebtoken.verify" and len(call.arguments) > 2:
            given = values.options(module, call.arguments[2])
            if module.text(given.get("ignoreExpiration")) == "true":
                yield self._construct(
                    "token", call.name, call.node, sound=False, says="`jwt.verify` is told not to examine the end"
                )
            elif "none" in module.text(given.get("algorithms")).lower():
                yield self._construct(
                    "token", call.name, call.node, sound=False, says="`jwt.verify` accepts tokens without a signature"
                )

    def hashed(self, call: Call) -> Iterator[Symbol]:
        """Yield passwords that are stored as fast hashes, and broken hashes where an attacker chooses."""
        if call.method == "timingSafeEqual":
            yield self._construct("comparison", call.name, call.node, sound=True, says="")
        if call.method not in ("createHash", "createHmac") or not call.arguments:
            return
        algorithm = (values.string(self.module, call.arguments[0]) or "").lower()
        statement = next(
            iter(enclosing(call.node, "expression_statement", "lexical_declaration", "return_statement")), call.node
        )
        text = self.module.text(statement)[:400]
        if call.method == "createHash" and re.search(r"\.update\(\s*[\w.]*password\b", text, re.IGNORECASE):
            says = f"a fast hash ({algorithm}) of a password: millions of guesses a second find it"
            yield self._construct("password", call.name, call.node, sound=False, says=says)
        elif (
            algorithm in ("md5", "sha1")
            and call.method == "createHash"
            and _PERSON.search(text)
            and re.search(r"\b\w*(digest|pseudonym|anonym)\w*\s*[=:(]", text.partition("createHash")[0], re.IGNORECASE)
            and not re.search(r"cache|etag|gravatar|avatar|checksum|colou?r|bucket", text, re.IGNORECASE)
        ):
            says = f"`{algorithm}` stands for a person in a record, and is broken"
            yield self._construct("hash", call.name, call.node, sound=False, says=says)
        elif algorithm in ("md5", "sha1") and re.search(r"token|secret|signature|session|reset", text, re.IGNORECASE):
            yield self._construct(
                "hash", call.name, call.node, sound=False, says=f"`{algorithm}` guards something secret, and is broken"
            )

    def injected(self, call: Call) -> Iterator[Symbol]:
        """Yield queries and commands that hold what a caller wrote."""
        if not call.arguments:
            return
        first = values.resolved(self.module, call.arguments[0])
        if first is None or first.type not in ("template_string", "binary_expression"):
            return
        text = self.module.text(first)[:2000]
        brought = self._brought(first)
        if call.method in _QUERYING and _SQL.search(text) and brought:
            yield self._construct(
                "injection", call.method, call.node, sound=False, says="what a caller writes becomes part of a query"
            )
        elif call.name in _SHELLS and brought:
            yield self._construct(
                "injection",
                call.method,
                call.node,
                sound=False,
                says="what a caller writes becomes part of a shell's command",
            )

    def _brought(self, node: Node) -> bool:
        """Tell whether a text holds something of the request, by its own name or one it was given in the function."""
        for part in self.module.below(node, "member_expression", "identifier"):
            if part.type == "member_expression" and _REQUEST.search(self.module.text(part)):
                return True
            if part.type == "identifier":
                binding = self.module.lookup(part)
                if (
                    binding is not None
                    and binding.value is not None
                    and _REQUEST.match(self.module.text(binding.value))
                ):
                    return True
        return False

    def leaked(self, call: Call) -> Iterator[Symbol]:
        """Yield answers with status 500 that hold the text or the stack of an exception."""
        if call.method not in ("json", "send") or not re.search(
            r"status\(\s*5\d\d\s*\)", self.module.text(call.node)[:120]
        ):
            return
        text = " ".join(self.module.text(argument) for argument in call.arguments)[:600]
        if re.search(r"\b(err|error|e|ex|exception)(\s+as\s+\w+\))?\)?\.(message|stack)\b", text):
            yield self._construct(
                "leak", call.method, call.node, sound=False, says="an answer tells the caller the text of any exception"
            )

    def compared(self, node: Node) -> Iterator[Symbol]:
        """Yield a comparison of secrets that tells by its time how much of them is right."""
        if self.module.text(node.child_by_field_name("operator")) not in ("===", "!==", "==", "!="):
            return
        sides = [node.child_by_field_name(side) for side in ("left", "right")]
        if any(side is None or side.type not in _NAMES for side in sides):
            return
        texts = [self.module.text(side)[:200] for side in sides]
        for stored, given in (texts, texts[::-1]):
            if _STORED.search(_last(stored)) and "." in stored and _PLAIN.search(_last(given)) and "(" not in given:
                says = f"`{self.module.text(node)[:80]}` takes what is stored for the password itself"
                yield self._construct("password", _last(stored), node, sound=False, says=says)
                return
        if not any(_OURS.search(text) for text in texts) or any(_SENTINEL.search(text) for text in texts):
            return
        left, right = (_last(text) for text in texts)
        if not left or not right or _PAIRS.search(left) or _PAIRS.search(right):
            return
        secret, other = (left, right) if _SECRET.search(left) else (right, left)
        if _SECRET.search(secret) and (_SECRET.search(other) or _OTHER.search(other)):
            says = f"`{self.module.text(node)[:80]}` compares secrets in a time that tells how much of them is right"
            yield self._construct("comparison", secret, node, sound=False, says=says)

    def identity(self, node: Node) -> Iterator[Symbol]:
        """Yield an identity that is taken from a header."""
        owner = self.module.text(node.child_by_field_name("object"))
        name = values.string(self.module, node.child_by_field_name("index"))
        if name and _IDENTITY.fullmatch(name) and re.search(r"\b(req|request|ctx)\.headers$", owner):
            says = f"the header `{name}` says who calls, and anybody can write it"
            yield self._construct("identity", name.lower(), node, sound=False, says=says)

    def headers(self, call: Call) -> Iterator[Symbol]:
        """Yield that answers get headers that protect their readers."""
        if call.name in ("helmet", "@fastify/helmet") or (
            call.arguments and self.module.dotted(call.arguments[0]) in ("helmet", "@fastify/helmet", "fastify-helmet")
        ):
            yield self._construct("headers", "helmet", call.node, sound=True, says="")
        elif call.method in ("setHeader", "set", "header") and call.arguments:
            name = (values.string(self.module, call.arguments[0]) or "").lower()
            if name in ("x-content-type-options", "strict-transport-security", "content-security-policy"):
                yield self._construct("headers", name, call.node, sound=True, says="")


def _last(text: str) -> str:
    """Return the last name of an expression."""
    match = re.search(r"(?:[.\[]['\"]?)?([A-Za-z_][\w-]*)['\"]?\]?!?$", text.strip())
    return match[1].replace("-", "_") if match and text.strip() not in ("null", "undefined", "true", "false") else ""
