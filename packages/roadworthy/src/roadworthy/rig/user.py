"""The unprivileged user that servers run as when we are root: some refuse to run as root, and none should."""

import os
import pwd

from roadworthy.model.error import RoadworthyError

CANDIDATES = ("nobody", "postgres", "daemon")


def unprivileged_user() -> str | None:
    """Return the name of an existing unprivileged user, or None when we are unprivileged ourselves.

    Raise RoadworthyError when we are root and there is none.
    """
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    for name in CANDIDATES:
        if known.get(name, 0) != 0:
            return name
    raise RoadworthyError(f"no unprivileged user to run servers as: run as one, or add one of {', '.join(CANDIDATES)}")
