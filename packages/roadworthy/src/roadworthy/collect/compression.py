"""Where answers are compressed: by a proxy, or by the application itself."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.construct import Construct
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole

PROVIDES = frozenset({Kind.CONSTRUCT})

_ENDINGS = (".py", ".js", ".ts", ".mjs", ".cjs", ".mts", ".conf", ".nginx", ".template", ".yaml", ".yml", ".toml")
_COMPRESSING = re.compile(
    r"^\s*(?:gzip|brotli|zstd)\s+on\s*;|GZipMiddleware|BrotliMiddleware|CompressMiddleware|CompressionMiddleware|flask_compress"
    r"|[\"']compression[\"']|@fastify/compress|koa-compress|shrink-ray|http-compression|\bencode\s+(?:gzip|zstd|br)"
    r"|compress\s*:\s*(?:true|\{\})|traefik\.http\.middlewares\.[\w-]+\.compress|use-gzip|enable-brotli",
    re.MULTILINE,
)


def wants(path: str) -> bool:
    """Code, and the settings of proxies."""
    name = path.rpartition("/")[2]
    return name.endswith(_ENDINGS) or name.startswith(("nginx", "Caddyfile")) or "/nginx/" in f"/{path}"


def recognises(file: SourceFile) -> bool:
    """Recognise a file that compresses."""
    return file.role is FileRole.PROD and any(
        word in file.text for word in ("gzip", "GZip", "ompress", "rotli", "zstd", "encode")
    )


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the first place that does."""
    found = _COMPRESSING.search(file.text)
    if found is not None:
        line = file.text.count("\n", 0, found.end()) + 1
        detail = Construct("compression", True, "answers are compressed here")
        yield Symbol(
            Kind.CONSTRUCT, Action.DEFINES, Exact("compression"), Span(file.path, line), role=file.role, detail=detail
        )
