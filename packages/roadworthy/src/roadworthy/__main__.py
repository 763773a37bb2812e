"""`python -m roadworthy`."""

import sys

if __name__ == "__main__":
    # Python puts the current folder first on the path; what lies there may be the repository to inspect.
    if not sys.flags.safe_path:
        del sys.path[0]
    from roadworthy.cli.main import main

    main()
