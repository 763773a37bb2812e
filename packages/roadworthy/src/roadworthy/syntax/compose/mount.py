"""The short form of a mount: `[source:]target[:options]`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShortMount:
    """`form` is "bind", "volume" or "anonymous"."""

    form: str
    source: str
    target: str
    read_only: bool


def mount(text: str) -> ShortMount:
    """Read a short mount."""
    parts = text.split(":")
    if len(parts) == 1:
        return ShortMount("anonymous", "", parts[0], read_only=False)
    if len(parts) > 2 and len(parts[0]) == 1 and parts[1][:1] in ("\\", "/"):
        parts[:2] = [":".join(parts[:2])]
    source, target = parts[0], parts[1] if len(parts) > 1 else ""
    options = parts[2].split(",") if len(parts) > 2 else []
    form = "bind" if source.startswith((".", "/", "~", "*")) or "\\" in source else "volume"
    return ShortMount(form, source, target, "ro" in options)
