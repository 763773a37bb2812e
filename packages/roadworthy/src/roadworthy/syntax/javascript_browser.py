"""Whether a JavaScript file is for a browser: what it does there is no matter of the service."""

import re
from functools import lru_cache

from roadworthy.model.source import SourceFile

_BROWSER = re.compile(
    r"""^\s*["']use client["']"""
    r"""|(?:from|require\()\s*["'](?:react|react-dom|react-router[\w-]*|vue|svelte|preact|solid-js|mobx[\w-]*|@angular/core|@tanstack/|jquery|@reduxjs/)"""
    r"""|(?<![\w.])(?:window|document|localStorage|sessionStorage|navigator)\.""",
    re.MULTILINE,
)
_SERVED = re.compile(
    r"(?:^|/)(?:wwwroot|public|static|assets|frontend|client|web-client|webapp|browser|front)/|(?:^|/)(?:jquery|bootstrap|lodash|d3)[\w.-]*\.js$"
)
_TOOLS = re.compile(
    r"(?:^|/)(?:scripts?|tools?|bin|ci|cypress|e2e|migrations|seeds?|seeders|benchmarks?|stories|\.[^/]+)/"
    r"|\.(?:config|stories|story|bench)\.[cm]?[jt]sx?$|(?:^|/)[Gg](?:ulp|runt)file"
)


@lru_cache(maxsize=8)
def in_browser(file: SourceFile) -> bool:
    """Tell whether a file is meant for a browser, by its ending, its folder, or what it names."""
    if file.suffix in (".tsx", ".jsx") or _SERVED.search(file.path):
        return True
    return _BROWSER.search(file.text) is not None


def is_tool(path: str) -> bool:
    """Tell whether a file is a tool of its developers: a script, a configuration, a migration."""
    return _TOOLS.search(path) is not None
