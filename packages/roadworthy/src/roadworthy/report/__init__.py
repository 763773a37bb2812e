"""One file per format; each renders the same report."""
