"""What ends a trial early without a verdict."""


class CannotTellError(Exception):
    """A trial cannot go on: the reason becomes a doubt, never a failure."""


class NotStartedError(CannotTellError):
    """The subject did not come up. `theirs` says that it ended by itself, so that no host or rig is to blame."""

    def __init__(self, reason: str, *, theirs: bool) -> None:
        """Keep the reason, in plain words."""
        super().__init__(reason)
        self.theirs = theirs
