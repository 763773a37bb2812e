"""Run the guardian: `python -I -m roadworthy.rig.guardian`, with the driver at the other end of its pipes."""

import argparse

from roadworthy.rig.guardian.isolation import isolate
from roadworthy.rig.guardian.loop import Loop


def main() -> int:
    """Read the options and guard until the driver ends, says so, or the deadline passes."""
    parser = argparse.ArgumentParser(prog="python -m roadworthy.rig.guardian", description=__doc__)
    parser.add_argument("--deadline-seconds", type=float, required=True)
    parser.add_argument("--grace-seconds", type=float, default=3.0)
    parser.add_argument("--user", default=None, help="the unprivileged user who must be able to enter the work area")
    parser.add_argument("--parent", type=int, required=True, help="the driver's process id")
    parser.add_argument("--isolated", action="store_true", help="enter a network of our own where the host allows it")
    options = parser.parse_args()
    isolated = options.isolated and isolate()
    Loop(options.parent, options.deadline_seconds, options.grace_seconds, options.user, isolated=isolated).run()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
