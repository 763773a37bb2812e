"""Run every benchmark in this folder, or the ones named."""

import importlib
import pkgutil
import sys

import bench


def main() -> int:
    """Run the benchmarks asked for, in the order of their names."""
    known = sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_"))
    asked = sys.argv[1:] or known
    if unknown := sorted(set(asked) - set(known)):
        print(f"bench: no benchmark called {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    for name in asked:
        print(f"── {name}", flush=True)
        importlib.import_module(f"bench.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
