"""One drill as a picture: its phases, requests, intervention, processes and observations on one axis of seconds."""

from collections.abc import Sequence

from markupsafe import Markup

from roadworthy.model.foreign_text import visible
from roadworthy.model.result import Mark

_LANES = ("intervention", "request", "process", "observation")
_LEFT, _RIGHT, _TOP, _ROW, _WIDTH = 96, 12, 22, 30, 960


def draw(marks: Sequence[Mark]) -> Markup:
    """Return an SVG picture of the marks; empty where there are none."""
    if not marks:
        return Markup()
    end = max(mark.at_seconds + mark.took_seconds for mark in marks) or 1.0
    lanes = [lane for lane in _LANES if any(mark.lane == lane for mark in marks)]
    height = _TOP + _ROW * len(lanes) + 24
    parts = [
        Markup('<svg class="timeline" viewBox="0 0 {w} {h}" role="img" aria-label="timeline of the drill">').format(
            w=_WIDTH, h=height
        )
    ]
    parts += [_phase(mark, end, height) for mark in marks if mark.lane == "phase"]
    for row, lane in enumerate(lanes):
        middle = _TOP + _ROW * row + _ROW / 2
        parts.append(Markup('<text class="lane" x="0" y="{y:.1f}">{lane}</text>').format(y=middle + 4, lane=lane))
        parts.append(
            Markup('<line class="rail" x1="{a}" x2="{b}" y1="{y}" y2="{y}"/>').format(a=_LEFT, b=_WIDTH, y=middle)
        )
        parts += [_mark(mark, end, middle) for mark in marks if mark.lane == lane]
    parts += [_tick(second, end, height) for second in _ticks(end)]
    parts.append(Markup("</svg>"))
    return Markup("").join(parts)


def _x(seconds: float, end: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * max(0.0, min(seconds, end)) / end


def _phase(mark: Mark, end: float, height: int) -> Markup:
    left, right = _x(mark.at_seconds, end), _x(mark.at_seconds + mark.took_seconds, end)
    return Markup(
        '<g class="phase {name}"><rect x="{x:.1f}" y="0" width="{w:.1f}" height="{h}"/>'
        '<text x="{t:.1f}" y="14">{name}</text></g>'
    ).format(name=visible(mark.says), x=left, w=max(right - left, 1), h=height - 20, t=left + 4)


def _mark(mark: Mark, end: float, middle: float) -> Markup:
    tone = {True: "good", False: "bad", None: "plain"}[mark.holds]
    left, right = _x(mark.at_seconds, end), _x(mark.at_seconds + mark.took_seconds, end)
    took = f" ({mark.took_seconds:.2f} s)" if mark.took_seconds else ""
    label = visible(f"{mark.at_seconds:.2f} s: {mark.says}{took}")
    return Markup(
        '<rect class="{tone}" x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="14" rx="3"><title>{l}</title></rect>'
    ).format(tone=f"mark {tone}", x=left, y=middle - 7, w=max(right - left, 4), l=label)


def _ticks(end: float) -> list[float]:
    step = next((s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60) if end / s <= 12), 120)
    return [step * number for number in range(int(end / step) + 1)]


def _tick(second: float, end: float, height: int) -> Markup:
    return Markup('<text class="tick" x="{x:.1f}" y="{y}">{s:g} s</text>').format(
        x=_x(second, end), y=height - 6, s=round(second, 1)
    )
