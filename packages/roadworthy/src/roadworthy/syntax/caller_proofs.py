"""Names that tell that something proves who calls."""

import re

_GUARD = re.compile(
    r"auth|current_?user|token|login|permission|admin|api_?key|jwt|principal|session_user|security|require|verify|guard|"
    r"role|scope|superuser|credential|identity|account|user_id|protect|signed|signature",
    re.IGNORECASE,
)
_NO_GUARD = re.compile(r"session(local|maker)?$|db$|database|oauth2?passwordrequestform|requestform", re.IGNORECASE)


def proves(name: str) -> bool:
    """Tell whether a dependency or decorator of this name asks who calls."""
    return _GUARD.search(name) is not None and _NO_GUARD.search(name) is None and name != "require_POST"
