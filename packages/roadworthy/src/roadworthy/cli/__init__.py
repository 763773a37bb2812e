"""One file per command; the only code that parses arguments, prints and exits."""
