"""What is said about reverse proxies: what they pass where, under which limits, and how they speak TLS."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class ProxyRoute:
    """A proxy passes requests on (Kind.HOST, refers, named by the host).

    `proxy` is "nginx", "ingress", "caddy" or "traefik"; `form` tells how `location` is compared ("prefix", "exact",
    "regex"). `port` is None where none is written. `path` replaces the location in what is passed on, None where the
    whole path goes on. `upstream` is the name of the group the host belongs to, `template` the address where
    it is put together from variables. Limits are None where nothing is said
    here, `body_bytes` is 0 where there is none. `limited` tells that the number of requests is bounded.
    `forwards` tells how the address of the client is passed on: "sets" (whatever the client wrote is replaced), "appends"
    (it stands first), "" where it is not.
    """

    proxy: str
    location: str
    form: str
    scheme: str
    port: int | None
    path: str | None
    upstream: str = ""
    template: str = ""
    limited: bool | None = False
    forwards: str = ""
    body_bytes: int | None = None
    body_at: Span | None = None
    read_seconds: float | None = None
    read_at: Span | None = None


@dataclass(frozen=True, slots=True)
class ProxyDefaults:
    """What the outermost level of a proxy's configuration says for all (Kind.SETTING, defines, named by the proxy).

    `includes` are the patterns of the files that are read into it.
    """

    includes: tuple[str, ...]
    limited: bool = False
    body_bytes: int | None = None
    body_at: Span | None = None
    read_seconds: float | None = None
    read_at: Span | None = None


@dataclass(frozen=True, slots=True)
class ProxyTarget:
    """Where a proxy's requests end (Kind.HOST, refers, named by the host; derived). The symbol's component is the one
    that answers.

    `state` is "met", "missing" or "unclear" with `why`; `nearest` are the hosts that were probably meant. `through` is
    the component that is the proxy, "" where none is known. `route` holds the limits that count, those of included
    levels filled in.
    """

    route: ProxyRoute
    state: str
    through: str
    why: str = ""
    nearest: tuple[tuple[str, Span], ...] = ()
    ports: tuple[tuple[str, Span], ...] = ()


@dataclass(frozen=True, slots=True)
class TlsServer:
    """A proxy's server speaks TLS (Kind.SETTING, defines, named by its server name or host).

    `certificate` and `key` are paths in the container or the name of a secret, "" where none is named; `hidden` tells
    that included files may name them. `faults` are the protocols and ciphers that are "unknown", "old" or "weak", as
    written, with that word and their places.
    """

    proxy: str
    certificate: str
    certificate_at: Span | None
    key: str
    hidden: bool
    faults: tuple[tuple[str, str, Span], ...] = ()
    key_at: Span | None = None


@dataclass(frozen=True, slots=True)
class TlsFile:
    """A certificate, key or secret that TLS needs (Kind.FILE, refers, named by its path in the container or its name;
    derived): `state` is "there", "missing" or "unclear"; `sides` are the places that might have given it, and what they
    give."""

    proxy: str
    state: str
    why: str = ""
    sides: tuple[tuple[str, Span], ...] = ()


@dataclass(frozen=True, slots=True)
class HeadersSet:
    """Headers a proxy adds to every answer (Kind.SETTING, defines, named by the proxy): lower case."""

    names: tuple[str, ...]
