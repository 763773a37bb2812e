"""One file per check, one folder per criterion."""
