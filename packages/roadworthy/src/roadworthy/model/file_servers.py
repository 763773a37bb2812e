"""Components that hand out files and run no code of their own: a web server's image with a built front end in it."""

import re

from roadworthy.model.component import Component
from roadworthy.model.detail.image import BaseImage
from roadworthy.model.detail.route import RouterDeclared
from roadworthy.model.facts import Facts
from roadworthy.model.symbol import Kind

_WEB_SERVER = re.compile(
    r"(?:.*/)?(?:nginx(?:-unprivileged)?|httpd|caddy|lighttpd|static-web-server|nginx-alpine)(?::.*|@.*)?"
)


def hands_out_files(facts: Facts, component: Component) -> bool:
    """Tell whether all a component runs is the web server its image is made from."""
    bases = [
        s
        for s in facts.references(Kind.IMAGE)
        if isinstance(s.detail, BaseImage)
        and s.detail.final
        and s.detail.by == "FROM"
        and s.at.path in component.dockerfiles
    ]
    if not bases or not all(_WEB_SERVER.fullmatch(str(s.name)) for s in bases):
        return False
    return not any(
        isinstance(s.detail, RouterDeclared) and s.detail.form == "application" and s.component == component.id
        for s in facts.definitions(Kind.CONSTRUCT, component.id)
    )
