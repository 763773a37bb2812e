"""The drills: one folder per criterion, one file per drill. A drill speaks only through its trial."""
