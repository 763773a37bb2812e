"""One file per language: text in, located tree out, or a syntax error with its place. Nothing is executed."""
