"""An unread file opens every set it may add to."""

from roadworthy.link.draft import Draft
from roadworthy.model.symbol import Open
from roadworthy.model.words import FileRole

_ELSEWHERE = frozenset({FileRole.EXAMPLE, FileRole.DOCUMENT, FileRole.TEST, FileRole.VENDORED})


def derive(draft: Draft) -> None:
    """Open, for all components, each kind a problem hides; what is not for production hides nothing of it."""
    for problem in draft.problems:
        if problem.role in _ELSEWHERE:
            continue
        for kind in sorted(problem.hides):
            draft.opens.append(Open(kind, "", f"{problem.at.path} cannot be read: {problem.why}", problem.at))
