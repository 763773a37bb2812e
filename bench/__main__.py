"""Run every benchmark in this folder, or the ones named; options after the name of one are for that one."""

import importlib
import pkgutil
import sys

import bench


def main() -> int:
    """Run the benchmarks asked for, in the order of their names."""
    known = sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_"))
    words = sys.argv[1:]
    options = words[next((place for place, word in enumerate(words) if word.startswith("-")), len(words)) :]
    asked = words[: len(words) - len(options)] or known
    if unknown := sorted(set(asked) - set(known)):
        print(f"bench: no benchmark called {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    if options and len(asked) != 1:
        print("bench: options are for one benchmark; name it before them", file=sys.stderr)
        return 2
    for name in asked:
        print(f"── {name}", flush=True)
        benchmark = importlib.import_module(f"bench.{name}")
        benchmark.main(options) if options else benchmark.main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
