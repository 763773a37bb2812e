"""One file per artifact kind, one folder per source language: a located tree in, symbols out.

A collector is a module with `PROVIDES` (the kinds of symbol it may find: a file it cannot read hides these),
`recognises(file)` and `collect(file)`. It never raises anything but SyntaxProblem.
"""
