"""Which proxies pass requests on to a component."""

from roadworthy.model.detail.proxy import ProxyTarget
from roadworthy.model.facts import Facts
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import FileRole


def proxies_of(facts: Facts, component: str) -> list[Symbol]:
    """Return the production proxies whose requests end at a component; none for the component "" of nobody."""
    return [
        s
        for s in facts.details(Kind.HOST, Action.REFERS, ProxyTarget)
        if component and s.component == component and s.role is FileRole.PROD
    ]
