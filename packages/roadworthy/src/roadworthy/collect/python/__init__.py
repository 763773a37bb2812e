"""Python source, one file per kind of statement it makes."""
