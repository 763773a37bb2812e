"""The one exception for what a user can cause."""


class RoadworthyError(Exception):
    """Something the user can put right, said in plain words: where, what, and what to do.

    Everything else that is raised is a defect of this tool and becomes a crash report.
    """
