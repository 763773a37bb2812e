"""Text that others wrote, made safe to show."""


def visible(text: str) -> str:
    """Return the text with control and other unprintable characters as their escapes; line breaks included."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
