"""The guardian: one process is parent of everything the rig starts, and ends it, however the driver ends.

The driver (this process) holds `Guardian`; the guardian itself is `python -I -m roadworthy.rig.guardian`, in its own
session. They speak JSON lines over two pipes (`wire`). When the pipe from the driver closes, the driver is replaced as
parent, or the deadline passes, the guardian ends every descendant (terminate, then kill) and removes the work area.
"""

from roadworthy.rig.guardian.driver import Guardian

__all__ = ["Guardian"]
