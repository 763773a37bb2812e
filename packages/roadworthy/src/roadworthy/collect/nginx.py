"""nginx: what each location passes where, under which limits, and how each server speaks TLS."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from roadworthy.model.collector import Statement
from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.proxy import HeadersSet, ProxyDefaults, ProxyRoute, TlsServer
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Symbol, Unreadable
from roadworthy.syntax import nginx, nginx_pass, tls_names
from roadworthy.syntax.nginx import Directive, Word

PROVIDES = frozenset({Kind.HOST, Kind.PORT, Kind.SETTING})

_BLOCK = re.compile(r"^[ \t]*(server|http|stream|upstream\s+[\w.-]+|location\s[^;{]*)\s*\{", re.MULTILINE)
_ENDINGS = (".conf", ".conf.template", ".nginx", ".vhost", ".conf.prod")
_FOLDERS = ("sites-enabled/", "sites-available/", "conf.d/", "nginx/")
_TEMPLATE = re.compile(r"\{\{|\{%|<%")
_SIZE = re.compile(r"(\d{1,15})([kmg]?)", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,9})(ms|s|m|h|d)?")
_PORT = re.compile(r"(?:[^\s$]*:)?(\d{1,5})")
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
_SECONDS = {"": 1.0, "s": 1.0, "ms": 0.001, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PASSING = frozenset({"proxy_pass", "grpc_pass", "uwsgi_pass", "fastcgi_pass"})

Around = tuple[Directive, ...]


def wants(path: str) -> bool:
    """Files with the endings or in the folders that nginx configuration is kept in."""
    name = path.rpartition("/")[2].lower()
    return name.endswith(_ENDINGS) or ("nginx" in name and not name.endswith((".yml", ".yaml", ".md", ".py", ".sh")))


def recognises(file: SourceFile) -> bool:
    """Recognise the blocks only nginx has; templates of other languages are not nginx before they are rendered."""
    return _BLOCK.search(file.text) is not None and _TEMPLATE.search(file.text) is None


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every way a request is passed on, the defaults of the outermost level, and every server with TLS."""
    reader = _Reader(file, nginx.parse(file))
    yield from reader.defaults()
    for directive, around in nginx.walk(reader.root):
        if any(block.name == "stream" for block in around):
            continue
        if directive.name in _PASSING and directive.words:
            yield from reader.passed(directive, around)
        elif directive.name == "server" and directive.block is not None:
            yield from reader.server(directive, around)
            yield from reader.listens(directive)


@dataclass(slots=True)
class _Reader:
    file: SourceFile
    root: Directive

    def _symbol(self, kind: Kind, action: Action, name: Name, at: Span) -> Symbol:
        return Symbol(kind, action, name, at, role=self.file.role)

    def defaults(self) -> Iterator[Symbol]:
        """Yield what the level outside of all servers says."""
        level = self.root.last("http") or self.root
        around: Around = (self.root,) if level is self.root else (self.root, level)
        includes = tuple(text for directive in level.all("include") for text in directive.texts)
        body, body_at = _size(_effective(around, "client_max_body_size"))
        read, read_at = _seconds(_effective(around, "proxy_read_timeout"))
        detail = ProxyDefaults(includes, _effective(around, "limit_req") is not None, body, body_at, read, read_at)
        yield replace(self._symbol(Kind.SETTING, Action.DEFINES, Exact("nginx"), self.root.at), detail=detail)
        headers = {d.texts[0].lower() for d, _ in nginx.walk(self.root) if d.name == "add_header" and d.words}
        if headers:
            at = next(d.at for d, _ in nginx.walk(self.root) if d.name == "add_header")
            told = HeadersSet(tuple(sorted(headers)))
            yield replace(self._symbol(Kind.SETTING, Action.DEFINES, Exact("nginx"), at), detail=told)

    def passed(self, directive: Directive, around: Around) -> Iterator[Symbol]:
        """Yield one statement for each server a location passes requests to."""
        location = next((block for block in reversed(around) if block.name == "location"), None)
        written, form = _location(location)
        word = directive.words[0]
        target = self._filled(word.text, around)
        body, body_at = _size(_effective(around, "client_max_body_size"))
        name = {"grpc_pass": "grpc", "uwsgi_pass": "uwsgi", "fastcgi_pass": "fastcgi"}.get(directive.name, "proxy")
        seconds, seconds_at = _seconds(_effective(around, f"{name}_read_timeout"))
        limit = _effective(around, "limit_req")
        route = ProxyRoute(
            "nginx", written, form, "http", None, None, "", "",
            limit is not None or (None if any(_effective_all(around, "include")) else False),
            _forwards(_effective_all(around, "proxy_set_header")),
            body, body_at, seconds, seconds_at,
        )  # fmt: skip
        if target.startswith(("unix:", "http://unix")):
            return
        scheme = "http" if name == "proxy" else name
        read = nginx_pass.passed(target, scheme)
        group = self._upstream(read.host) if read is not None else None
        # A variable in the address takes the path as it stands; so does a regular expression as location.
        path = None if read is None or "$" in word.text or form == "regex" else read.path
        route = replace(route, scheme=read.scheme if read else scheme, path=path)
        if group is None:
            yield self._target(word, target, route)
            return
        for server in group.all("server"):
            if server.words and not server.texts[0].startswith("unix:"):
                yield self._target(server.words[0], server.texts[0], replace(route, upstream=group.texts[0]))

    def _target(self, word: Word, text: str, route: ProxyRoute) -> Symbol:
        read = nginx_pass.passed(text, "http" if route.upstream else route.scheme)
        if read is not None:
            route = replace(route, port=read.port)
            return replace(self._symbol(Kind.HOST, Action.REFERS, Exact(read.host), word.at), detail=route)
        name: Name = Unreadable(f"`{text[:60]}` is put together at run time")
        return replace(self._symbol(Kind.HOST, Action.REFERS, name, word.at), detail=replace(route, template=text))

    def _upstream(self, name: str) -> Directive | None:
        for block in (self.root, *self.root.all("http")):
            for group in block.all("upstream"):
                if group.texts[:1] == (name,) and group.block is not None:
                    return group
        return None

    def _filled(self, text: str, around: Around) -> str:
        """Replace variables that a plain `set` gives by their values."""
        for _ in range(4):
            found = re.match(r"((?:\w+://)?)\$\{?(\w+)\}?(.*)", text, re.DOTALL)
            if found is None:
                return text
            given = [d for d in _effective_all(around, "set") if d.texts[:1] == (f"${found[2]}",) and len(d.words) == 2]
            if len({d.texts[1] for d in given}) != 1:
                return text
            text = f"{found[1]}{given[0].texts[1]}{found[3]}"
        return text

    def listens(self, directive: Directive) -> Iterator[Symbol]:
        """Yield the ports a server is asked on."""
        listed = [d for d in directive.all("listen") if d.words]
        for found in listed:
            text = found.texts[0]
            match = _PORT.fullmatch(text)
            if match is not None:
                name: Name = Exact(match[1])
            elif "$" in text:
                name = Unreadable(f"nginx listens on `{text[:40]}`")
            else:
                continue
            symbol = self._symbol(Kind.PORT, Action.DEFINES, name, found.words[0].at)
            yield replace(symbol, phase="script", detail=PortUse("code", name="nginx"))

    def server(self, directive: Directive, around: Around) -> Iterator[Symbol]:
        """Yield how a server speaks TLS."""
        listens = [word for d in directive.all("listen") for word in d.words]
        speaks = any(word.text in ("ssl", "quic") for word in listens)
        scopes = (*around, directive)
        certificate, key = _effective(scopes, "ssl_certificate"), _effective(scopes, "ssl_certificate_key")
        protocols, ciphers = _effective(scopes, "ssl_protocols"), _effective(scopes, "ssl_ciphers")
        if not (speaks or certificate):
            return
        names = [word.text for d in directive.all("server_name") for word in d.words]
        at = certificate.at if certificate else next((w.at for w in listens if w.text in ("ssl", "quic")), directive.at)
        detail = TlsServer(
            "nginx",
            certificate.texts[0] if certificate and certificate.words else "",
            certificate.words[0].at if certificate and certificate.words else None,
            key.texts[0] if key and key.words else "",
            any(_effective_all(scopes, "include")),
            tuple(_faults(protocols, ciphers)),
            key.words[0].at if key and key.words else None,
        )
        name = Exact(names[0] if names else "server")
        yield replace(self._symbol(Kind.SETTING, Action.DEFINES, name, at), detail=detail)


def _effective(around: Around, name: str) -> Directive | None:
    """Return the directive of this name that counts inside these blocks: that of the innermost one."""
    for block in reversed(around):
        if (found := block.last(name)) is not None:
            return found
    return None


def _effective_all(around: Around, name: str) -> list[Directive]:
    for block in reversed(around):
        if found := list(block.all(name)):
            return found
    return []


def _faults(protocols: Directive | None, ciphers: Directive | None) -> Iterator[tuple[str, str, Span]]:
    """Yield the protocols and ciphers that are unknown, old or weak."""
    for word in protocols.words if protocols is not None else ():
        if "$" not in word.text and not tls_names.PROTOCOLS.get(word.text, False):
            yield word.text, "old" if word.text in tls_names.PROTOCOLS else "unknown", word.at
    for word in ciphers.words if ciphers is not None else ():
        for part in re.split(r"[:, ]+", word.text):
            if part and (fault := tls_names.cipher_fault(part)):
                yield part, fault, word.at


def _forwards(headers: list[Directive]) -> str:
    """Tell how the address of the client is passed on in X-Forwarded-For."""
    for directive in headers:
        if len(directive.words) > 1 and directive.texts[0].lower() == "x-forwarded-for":
            return "sets" if directive.texts[1] in ("$remote_addr", "${remote_addr}") else "appends"
    return ""


def _location(block: Directive | None) -> tuple[str, str]:
    texts = block.texts if block is not None else ()
    if len(texts) == 2:
        return texts[1], {"=": "exact", "~": "regex", "~*": "regex"}.get(texts[0], "prefix")
    return (texts[0] if texts else "/"), "regex" if texts and texts[0].startswith("~") else "prefix"


def _size(directive: Directive | None) -> tuple[int | None, Span | None]:
    match = _SIZE.fullmatch(directive.texts[0]) if directive is not None and directive.words else None
    return (int(match[1]) * _UNITS[match[2].lower()], directive.at) if match and directive else (None, None)


def _seconds(directive: Directive | None) -> tuple[float | None, Span | None]:
    match = _TIME.fullmatch(directive.texts[0]) if directive is not None and directive.words else None
    return (int(match[1]) * _SECONDS[match[2] or ""], directive.at) if match and directive else (None, None)
