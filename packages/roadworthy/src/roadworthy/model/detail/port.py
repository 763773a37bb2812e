"""What is said about ports: who listens, and who expects someone to listen."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PortUse:
    """A port number or name (Kind.PORT; defines: something listens there; refers: something expects that).

    `by` is what states it: "command", "code", "expose", "containerPort" (define); "ports", "targetPort", "service port",
    "ingress", "probe", "healthcheck", "proxy", "scrape" (refer). `host` is the name or Service through which it is
    reached, "" for the component itself. `published` is the port on the host ("" when none), `address` the host's
    address it is bound to ("" means all). `variable` is the variable the number is taken from, the number then its default.
    """

    by: str
    host: str = ""
    name: str = ""
    published: str = ""
    address: str = ""
    protocol: str = "tcp"
    namespace: str = ""
    variable: str = ""
