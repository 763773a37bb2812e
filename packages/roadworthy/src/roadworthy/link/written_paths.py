"""Paths of what builds write: from the repository into an image, from one stage into the next, from an import to a file."""

import posixpath
import re

from roadworthy.link.typescript_setup import joined


def source(path: str, text: str, files: frozenset[str]) -> str | None:
    """Return the file of the repository that a relative import means; None where there is none."""
    if not text.startswith("."):
        return None
    whole = joined(path.rpartition("/")[0], text)
    if whole.startswith(".."):
        return None
    candidates = [whole] if posixpath.splitext(whole)[1] else []
    stem = re.sub(r"\.([cm]?)jsx?$", "", whole)
    if stem != whole:
        candidates += [f"{stem}.ts", f"{stem}.tsx", f"{stem}.mts", f"{stem}.cts"]
    candidates += [whole + ending for ending in (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".json")]
    candidates += [
        f"{whole}/index{ending}" if whole else f"index{ending}" for ending in (".ts", ".tsx", ".js", ".mjs", ".cjs")
    ]
    return next((one for one in candidates if one in files), None)


def handed(inner: dict[str, str], origin: str, destination: str, *, into: bool) -> dict[str, str]:
    """Return where files of another stage lie once `COPY --from` has taken `origin` to `destination`."""
    top = posixpath.normpath("/" + origin.lstrip("/")).rstrip("/")
    found: dict[str, str] = {}
    for path, source_ in inner.items():
        if path.startswith(top + "/"):
            found[posixpath.join(destination, path[len(top) + 1 :])] = source_
        elif path == top:
            found[posixpath.join(destination, posixpath.basename(path)) if into else destination] = source_
    return found


def top(files: list[str]) -> str:
    """Return the innermost folder that holds all files."""
    folders = [file.rpartition("/")[0].split("/") for file in files]
    if not folders:
        return ""
    common = posixpath.commonpath(["/" + "/".join(folder) for folder in folders])
    return common.strip("/")


def image(place: str, folder: str, path: str) -> str:
    """Return where a path of the repository lies in the image, when `folder` lies at `place`."""
    return posixpath.normpath(posixpath.join(place, posixpath.relpath(path or ".", folder or ".")))


def matches(pattern: str, path: str) -> bool:
    expression = re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
    return re.fullmatch(expression, path) is not None or path.startswith(pattern.rstrip("/") + "/")
