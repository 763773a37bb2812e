"""What one program of a build step writes into an image."""

import posixpath
from dataclasses import dataclass, field

from roadworthy.model.place import Span


@dataclass(slots=True)
class Effect:
    """What one program of a step writes. `files` are paths in the image with the source of each; `below` the folder in which
    there may be more, None for nowhere and "" for anywhere; `compiled` tells that each file is made of its source alone, as
    the configuration at `at` says."""

    files: dict[str, str] = field(default_factory=dict)
    below: str | None = None
    why: str = ""
    compiled: bool = False
    at: Span | None = None


def option(words: tuple[str, ...], *names: str) -> str:
    for index, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name in names:
            following = words[index + 1] if index + 1 < len(words) else ""
            return value if equals else "" if following.startswith("-") else following
    return ""


def esbuild(words: tuple[str, ...], place: str) -> Effect:
    out_file, out_folder = option(words, "--outfile"), option(words, "--outdir")
    if out_file:
        return Effect({posixpath.normpath(posixpath.join(place, out_file)): ""})
    entries = [word for word in words[1:] if not word.startswith("-")]
    if out_folder and len(entries) == 1 and "*" not in entries[0] and "--out-extension" not in " ".join(words):
        name = posixpath.splitext(posixpath.basename(entries[0]))[0] + ".js"
        target = posixpath.normpath(posixpath.join(place, out_folder))
        split = target if "--splitting" in words else None
        return Effect({f"{target}/{name}": ""}, split, "what esbuild splits")
    where = posixpath.normpath(posixpath.join(place, out_folder)) if out_folder else ""
    return Effect(below=where, why="what esbuild writes")
