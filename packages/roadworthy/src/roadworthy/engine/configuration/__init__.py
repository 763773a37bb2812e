"""Read `roadworthy.toml`, or `[tool.roadworthy]` of pyproject.toml, completely or not at all.

`read` finds the file and parses it, `table` walks it and gathers every mistake, `subject` and `journey` turn the tables
into nouns. All mistakes are told in one message: where, what, and what is right.
"""

from roadworthy.engine.configuration.read import find_configuration, read_subject

__all__ = ["find_configuration", "read_subject"]
