"""An unread file opens every set it may add to."""

from roadworthy.link.draft import Draft
from roadworthy.model.symbol import Open


def derive(draft: Draft) -> None:
    """Open, for all components, each kind a problem hides."""
    for problem in draft.problems:
        for kind in sorted(problem.hides):
            draft.opens.append(Open(kind, "", f"{problem.at.path} cannot be read: {problem.why}", problem.at))
