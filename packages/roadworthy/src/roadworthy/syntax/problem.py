"""A text that does not parse."""


class SyntaxProblem(Exception):  # noqa: N818 - the text has the problem, not the program
    """Raised by every parser: what is wrong, at a 1-based line and column."""

    def __init__(self, why: str, line: int = 1, column: int = 1) -> None:
        super().__init__(why)
        self.why = why
        self.line = line
        self.column = column
