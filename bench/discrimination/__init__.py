"""Does `inspect` tell a sound service from one with a single planted defect, and by the right rule?

Three sound services (`twins/`), many mutants of each (`mutants/`, one file for each criterion): a mutant is one edit in one
file and the rule that must catch it. What is measured stands in `results.json` and `peers.json`, and is shown by
`docs/reference/discrimination.md`.
"""

from bench.discrimination.command import main

__all__ = ["main"]
