"""One self-contained HTML page: readable without JavaScript, printable."""

from roadworthy.report.html.page import render

__all__ = ["render"]
