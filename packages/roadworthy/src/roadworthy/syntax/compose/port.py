"""The short form of a published port: `[[address:]host:]container[/protocol]`, with ranges."""

import re
from dataclasses import dataclass

_SHORT = re.compile(
    r"(?:(?P<address>\[[0-9a-fA-F:]+\]|[0-9.*]*):(?=[^:]*:))?(?:(?P<host>[\d*-]*):)?(?P<container>[\d*-]+)"
    r"(?:/(?P<protocol>\w+))?"
)
_MOST = 64


@dataclass(frozen=True, slots=True)
class Published:
    """One container port; `published` is "" where the host's port is chosen by the engine, `*` where it is unknown."""

    container: str
    published: str
    address: str
    protocol: str


def published(text: str) -> tuple[Published, ...] | None:
    """Read a short port, `*` standing for what is unknown; return None where it is none."""
    match = _SHORT.fullmatch(text.strip())
    if match is None:
        return None
    containers, hosts = _range(match["container"]), _range(match["host"] or "")
    if containers is None or hosts is None:
        return None
    if len(hosts) != len(containers):
        hosts = [match["host"] or ""] * len(containers)
    address = (match["address"] or "").strip("[]")
    return tuple(
        Published(container, host, address, match["protocol"] or "tcp")
        for container, host in zip(containers, hosts, strict=True)
    )


def _range(text: str) -> list[str] | None:
    first, dash, last = text.partition("-")
    if not dash:
        return [text]
    if not (first.isdecimal() and last.isdecimal() and int(first) <= int(last) < int(first) + _MOST):
        return None
    return [str(number) for number in range(int(first), int(last) + 1)]
