"""Which limiters of JavaScript code stand before no route: they are made, and nothing uses them."""

import re
from dataclasses import replace

from roadworthy.link.draft import Draft
from roadworthy.model.detail.limit import LimiterUsed, LimitSet

_NAMED = re.compile(r"limit|throttl|slow", re.IGNORECASE)


def derive(draft: Draft) -> None:
    """Take back that a limiter bounds everything where no file uses its name; drop what only this needs."""
    used = {str(s.name) for s in draft.symbols if isinstance(s.detail, LimiterUsed)}
    for index, symbol in enumerate(draft.symbols):
        limit = symbol.detail
        if isinstance(limit, LimitSet) and limit.everything and _NAMED.search(limit.bound) and limit.bound not in used:
            draft.symbols[index] = replace(symbol, detail=replace(limit, everything=False))
    draft.symbols = [s for s in draft.symbols if not isinstance(s.detail, LimiterUsed)]
