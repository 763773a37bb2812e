"""Which versions of languages and servers the images of a repository hold."""

import re
from dataclasses import replace

from roadworthy.link.draft import Draft
from roadworthy.link.image_knowledge import parted
from roadworthy.model.detail.image import BaseImage
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.detail.version import VersionStated
from roadworthy.model.symbol import Action, Exact, Kind, Symbol

_PRODUCTS = {
    "python": "python",
    "node": "node",
    "golang": "go",
    "ruby": "ruby",
    "postgres": "postgres",
    "postgis/postgis": "postgres",
    "pgvector/pgvector": "postgres",
    "bitnami/postgresql": "postgres",
    "timescale/timescaledb": "postgres",
    "redis": "redis",
    "bitnami/redis": "redis",
    "valkey/valkey": "valkey",
    "mysql": "mysql",
    "mariadb": "mariadb",
    "mongo": "mongodb",
    "rabbitmq": "rabbitmq",
    "elasticsearch": "elasticsearch",
    "memcached": "memcached",
    "nginx": "nginx",
    "clickhouse/clickhouse-server": "clickhouse",
}
_TAG = re.compile(r"(?:pg|v)?(\d+(?:\.\d+)*)")
_UV_IMAGE = re.compile(r"python(\d+\.\d+)")


def derive(draft: Draft) -> None:
    """Add a statement for every image whose product and version are known, and name those of pipelines."""
    found: list[Symbol] = []
    kept: list[Symbol] = []
    for symbol in draft.symbols:
        detail = symbol.detail
        if isinstance(detail, VersionStated) and str(symbol.name) == "image":
            held = [one for text in detail.versions if (one := version_of(text)) is not None]
            if held and len({product for product, _ in held}) == 1:
                versions = tuple(version for _, version in held)
                kept.append(replace(symbol, name=Exact(held[0][0]), detail=replace(detail, versions=versions)))
            continue
        kept.append(symbol)
        if isinstance(detail, CommandLine) and detail.source == "pipeline" and (python := _asked(detail.words)):
            stated = VersionStated("setup", (python,))
            found.append(
                Symbol(Kind.SETTING, Action.REFERS, Exact("python"), symbol.at, "", "version", symbol.role, stated)
            )
        if symbol.kind is Kind.IMAGE and symbol.action is Action.REFERS and isinstance(symbol.name, Exact):
            one = version_of(symbol.name.text)
            if one is not None and not (isinstance(detail, BaseImage) and detail.by != "FROM"):
                stage = isinstance(detail, BaseImage) and not detail.final
                stated = VersionStated("image", (one[1],), stage)
                found.append(
                    Symbol(
                        Kind.SETTING, Action.REFERS, Exact(one[0]), symbol.at, symbol.component, "version",
                        symbol.role, stated,
                    )
                )  # fmt: skip
    draft.symbols[:] = [*kept, *dict.fromkeys(found)]


def _asked(words: tuple[str, ...]) -> str:
    """Return the Python version that a command of uv asks for, "" where it asks for none."""
    if not words or words[0].rpartition("/")[2] not in ("uv", "uvx"):
        return ""
    for index, word in enumerate(words[1:], start=1):
        option, equals, value = word.partition("=")
        if option in ("--python", "-p"):
            text = value if equals else words[index + 1] if index + 1 < len(words) else ""
            return text if re.fullmatch(r"\d+(?:\.\d+)+", text) else ""
    return ""


def version_of(image: str) -> tuple[str, str] | None:
    """Return the product an image holds and its version, None where either is not known."""
    name, tag = parted(image)
    if name is None or tag is None:
        return None
    if name == "astral-sh/uv" and (python := _UV_IMAGE.match(tag)):
        return "python", python[1]
    product = _PRODUCTS.get(name)
    number = _TAG.match(tag)
    return (product, number[1]) if product is not None and number is not None else None
