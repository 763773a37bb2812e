"""What documents promise in numbers: availability, latency, recovery objectives, how backups are made and kept."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.promise import Promise
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

PROVIDES = frozenset({Kind.DOCUMENT})

_ELSEWHERE = re.compile(
    r"(?:^|/)(?:adr|adrs|decisions?|archive|archived|proposals?|rfcs?|history|blog|i18n|translations?)/", re.IGNORECASE
)
_SPEAKS = re.compile(r"%|\bms\b|RPO|RTO|back[- ]?up|dump|retention|personal data", re.IGNORECASE)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_AVAILABILITY = (
    re.compile(r"\b(?:availability|uptime|success rate)\b[^.\n]{0,60}?(?<![\d.])(9\d(?:\.\d+)?)\s?%", re.IGNORECASE),
    re.compile(
        r"(?<![\d.])(9\d(?:\.\d+)?)\s?%\s+(?:availability|available|uptime|of (?:all |the )?requests (?:succeed|are answered))",
        re.IGNORECASE,
    ),
)
_NOT_OURS = re.compile(
    r"provider|vendor|upstream|third|aws|azure|gcp|google|sla of|coverage|cpu|disk|memory|example|e\.g\.", re.IGNORECASE
)
_LATENCY = (
    re.compile(r"\bp(50|90|95|99)\b[^\d\n]{0,60}?(\d+(?:\.\d+)?)\s?(ms|s|seconds?|milliseconds?)\b", re.IGNORECASE),
    re.compile(
        r"\b(50|90|95|99)(?:th)?[- ]percentile\b[^\d\n]{0,60}?(\d+(?:\.\d+)?)\s?(ms|s|seconds?|milliseconds?)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(50|90|95|99)\s?%\s+of\s+(?:all\s+|the\s+)?(?:requests|answers|responses)\b[^\d\n]{0,60}?(\d+(?:\.\d+)?)\s?(ms|s|seconds?|milliseconds?)\b",
        re.IGNORECASE,
    ),
)
_OBJECTIVE = re.compile(r"\b(RPO|RTO)\b[^\d\n]{0,60}?(\d+)\s?(minutes?|min|m|hours?|hrs?|h|days?|d)\b")
_KEPT = (
    re.compile(
        r"\b(?:kept|keep|keeps|retain(?:s|ed)?|retention(?: period)?|stored|age out after|deleted after|expire after)\b[^\d\n.]{0,40}?(\d+)\s?(days?|weeks?)\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b(\d+)[- ](days?|weeks?)\s+(?:of\s+)?(?:retention|backups|dumps)\b", re.IGNORECASE),
    re.compile(r"\bolder than (\d+) (days?|weeks?)\b[^\n]{0,40}?\b(?:deleted|removed|pruned)", re.IGNORECASE),
)
_CADENCE = (
    (re.compile(r"\bevery (\d+) hours?\b", re.IGNORECASE), 3600),
    (re.compile(r"\b(?:hourly|every hour|once an hour)\b", re.IGNORECASE), -3600),
    (
        re.compile(r"\b(?:nightly|daily|every (?:night|day)|once a day|each (?:night|day)|a night)\b", re.IGNORECASE),
        -86400,
    ),
    (re.compile(r"\b(?:weekly|every week|once a week)\b", re.IGNORECASE), -7 * 86400),
)
_TIME = re.compile(r"\bat (\d{1,2}):(\d{2})\b", re.IGNORECASE)
_BACKUP = re.compile(r"\bback[- ]?ups?\b|\bdumps?\b|\bdumped\b|\bbacked up\b", re.IGNORECASE)
_ABOUT_TRIAL = re.compile(r"restor|verif|drill|rehears|check|alert|older|log", re.IGNORECASE)
_LONGEST = 600


def wants(path: str) -> bool:
    """Markdown files."""
    return path.lower().endswith((".md", ".markdown"))


def recognises(file: SourceFile) -> bool:
    """Documents about what is, not about what was decided, proposed or changed."""
    name = file.name.lower()
    return (
        not _ELSEWHERE.search(file.path)
        and not name.startswith(("changelog", "history", "release"))
        and _SPEAKS.search(file.text) is not None
    )


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every promise that stands in one line of prose or of a table."""
    fenced = False
    section, before = "", ""
    for number, written in enumerate(file.text.split("\n"), start=1):
        if written.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        if written.startswith("#"):
            section = written
        if fenced or len(written) > _LONGEST or not _SPEAKS.search(written + section + before):
            before = ""
            continue
        context, before = f"{section} {before}", written
        for topic, value, match in _promises(written.replace("|", " ").replace("**", "  "), context):
            at = Span(file.path, number, match.start() + 1, number, match.end())
            detail = Promise(topic, value, written.strip()[:160])
            yield Symbol(
                Kind.DOCUMENT, Action.DEFINES, Exact(topic), at, phase="document", role=file.role, detail=detail
            )


def _promises(line: str, section: str) -> Iterator[tuple[str, float, re.Match[str]]]:
    if not _NOT_OURS.search(line):
        for pattern in _AVAILABILITY:
            if match := pattern.search(line):
                yield "availability", float(match[1]), match
                break
    for pattern in _LATENCY:
        if match := pattern.search(line):
            factor = 0.001 if match[3].lower().startswith("m") else 1.0
            yield f"p{match[1]}", float(match[2]) * factor, match
            break
    for match in _OBJECTIVE.finditer(line):
        yield match[1], int(match[2]) * _UNITS[match[3][0].lower()], match
    if _BACKUP.search(line) or _BACKUP.search(section):
        yield from _backups(line)
    elif "retention" in line.lower() + section.lower() or "personal data" in line.lower():
        for pattern in _KEPT:
            if match := pattern.search(line):
                yield "data retention", int(match[1]) * _UNITS[match[2][0].lower()], match
                break


def _backups(line: str) -> Iterator[tuple[str, float, re.Match[str]]]:
    if not _ABOUT_TRIAL.search(re.sub(r"older than", "", line)) or "age out" in line:
        for pattern in _KEPT:
            if (match := pattern.search(line)) and "log" not in line.lower():
                yield "backup retention", int(match[1]) * _UNITS[match[2][0].lower()], match
                break
    if _ABOUT_TRIAL.search(line) or not _BACKUP.search(line):
        return
    for pattern, seconds in _CADENCE:
        if match := pattern.search(line):
            yield "backup interval", float(-seconds if seconds < 0 else int(match[1]) * seconds), match
            break
    if match := _TIME.search(line):
        yield "backup time", int(match[1]) * 60.0 + int(match[2]), match
