"""Which services are applications that were read."""

from roadworthy.model.component import Component
from roadworthy.model.detail.route import RouterDeclared
from roadworthy.model.facts import Facts
from roadworthy.model.symbol import Kind


def is_read(facts: Facts, service: Component) -> bool:
    """Tell whether the service is an application in a language that is read."""
    return set(service.languages) <= {"python", "javascript", "typescript"} and any(
        isinstance(s.detail, RouterDeclared) and s.detail.form == "application"
        for s in facts.definitions(Kind.CONSTRUCT, service.id)
        if s.component == service.id
    )
