"""Drive a service: start it beside real dependencies, break things on purpose, watch.

`drive` runs the drills one after another. What they share is the `road`; each has a `stage` of its own, and a `trial`
through which it asks and speaks. `record` keeps what was said, `verdict` turns it into a result.
"""

from roadworthy.engine.drive.drive import Driven, drive

__all__ = ["Driven", "drive"]
