"""TLS is set up with names nobody knows, protocols nobody should speak, or certificates that are not there.

A cipher that does not exist is ignored without a word or stops the proxy; TLS 1.0 and 1.1 are broken and refused by
browsers; a certificate that is not mounted keeps the proxy from starting.

## Fails

```nginx title="nginx.conf"
server {
    listen 443 ssl;
    ssl_certificate /etc/nginx/certs/fullchain.pem;
    ssl_certificate_key /etc/nginx/certs/privkey.pem;
    ssl_protocols TLSv1 TLSv1.2;
    ssl_ciphers ECDHE-RSA-AES256-GCM-SHA512;
}
```

```yaml title="compose.yaml"
services:
  nginx:
    image: nginx:1.27
    volumes:
      - ./nginx.conf:/etc/nginx/conf.d/default.conf:ro
      - ./certs:/etc/ssl/private:ro
```

## Passes

```nginx title="nginx.conf"
server {
    listen 443 ssl;
    ssl_certificate /etc/nginx/certs/fullchain.pem;
    ssl_certificate_key /etc/nginx/certs/privkey.pem;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE-RSA-AES256-GCM-SHA384;
}
```

```yaml title="compose.yaml"
services:
  nginx:
    image: nginx:1.27
    volumes:
      - ./nginx.conf:/etc/nginx/conf.d/default.conf:ro
      - ./certs:/etc/nginx/certs:ro
```

## Repair

Use TLS 1.2 and 1.3 and the ciphers of a maintained list, and mount certificate and key where the configuration looks for
them.

## References

- https://ssl-config.mozilla.org
"""

from collections.abc import Iterator

from roadworthy.model.detail.proxy import TlsFile, TlsServer
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.PROXY, since="0.1", needs=frozenset({Kind.SETTING, Kind.FILE, Kind.VOLUME}))

_SAYS = {
    "unknown": "is no name OpenSSL knows",
    "old": "is broken, and browsers refuse it",
    "weak": "is broken",
}


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Examine protocols, ciphers and certificates of every server that speaks TLS."""
    for symbol in facts.details(Kind.SETTING, Action.DEFINES, TlsServer):
        server = symbol.detail
        if isinstance(server, TlsServer) and symbol.role is FileRole.PROD:
            yield from _server(symbol, server)
    for symbol in facts.details(Kind.FILE, Action.REFERS, TlsFile):
        if symbol.role is not FileRole.PROD or not isinstance(symbol.detail, TlsFile):
            continue
        match symbol.detail.state:
            case "there":
                yield Held(symbol.at)
            case "missing":
                yield _missing(symbol, symbol.detail)
            case _:
                yield Unknown(f"whether `{symbol.name}` is there: {symbol.detail.why}", symbol.at)


def _server(symbol: Symbol, server: TlsServer) -> Iterator[Finding | Unknown | Held]:
    for name, fault, at in dict.fromkeys(server.faults):
        yield Finding(
            f"`{name}` {_SAYS[fault]}",
            at,
            (),
            "Use TLSv1.2 TLSv1.3 and a list of ciphers of today",
            (name, fault),
            symbol.component,
        )
    if server.proxy == "nginx" and not server.certificate:
        if server.hidden:
            yield Unknown(f"which certificate `{symbol.name}` shows: included files may name it", symbol.at)
        else:
            yield Finding(
                f"`{symbol.name}` listens with ssl and names no certificate: the proxy does not start",
                symbol.at,
                (),
                "Write `ssl_certificate` and `ssl_certificate_key`",
                (str(symbol.name), "certificate"),
                symbol.component,
            )
    elif not server.faults:
        yield Held(symbol.at)


def _missing(symbol: Symbol, file: TlsFile) -> Finding:
    if file.proxy == "ingress":
        return Finding(
            f"the ingress takes its certificate from the secret `{symbol.name}`, which nothing makes",
            symbol.at,
            tuple(Related(at, f"makes `{name}`") for name, at in file.sides),
            f"Write `{file.sides[0][0]}`",
            (str(symbol.name),),
        )
    return Finding(
        f"`{symbol.name}` is not in the container of {symbol.component}: nothing is mounted there",
        symbol.at,
        tuple(Related(at, says) for says, at in file.sides),
        f"Mount the certificates at `{str(symbol.name).rpartition('/')[0]}`",
        (str(symbol.name),),
        symbol.component,
    )
