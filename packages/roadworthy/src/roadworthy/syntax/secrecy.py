"""Which names are those of secrets, which values only stand for one, and how a command line looks without them."""

import re

_SECRET = re.compile(
    r"(?:^|[_\-.])(?:PASS(?:WORD|WD|PHRASE)?|PWD|SECRET(?:S|_?KEY(?:_BASE)?)?|(?:[A-Z]*_)?TOKEN|API_?KEY|APIKEY|"
    r"PRIVATE_?KEY|ACCESS_?KEY|ENCRYPTION_?KEY|SIGNING_?KEY|CREDENTIALS?)(?:$|_\d+$)",
    re.IGNORECASE,
)
_GLUED = re.compile(r"^(?:PG)?(?:PASSWORD|PASSWD)$|PASSWORD$|SECRET$", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"(?i)^$|change[-_ ]?(me|this|it)|^your[-_]|^my[-_]|place[-_]?holder|^<.*>$|^x{3,}$|^\*+$|^(none|null|nil|todo|dummy|fake"
    r"|unused|unset|empty|build|ci|test(ing)?|example|not[-_ ]?(a[-_ ]?)?(needed|used|set|secret|real))$|^dummy|^fake|"
    r"dummy$|for[-_ ]?build|build[-_ ]?time|collectstatic"
)
_OPTION = re.compile(
    r"(--?[\w-]*(?:password|passwd|secret|token|api-?key|requirepass|masterauth)(?:=|$))(.*)", re.IGNORECASE | re.DOTALL
)
_URL = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@'\"]*:)([^\s@/'\"]+)(@)", re.IGNORECASE)
_ASSIGNED = re.compile(r"\b([A-Za-z_]\w*)=(\"[^\"]*\"|'[^']*'|[^\s;&|]+)")
_HEADER = re.compile(r"(\b(?:Bearer|Basic|Token)\s+)([^\s\"'$]{8,})")
_SPACED = re.compile(
    r"((?:^|\s)(?:--?[\w-]*(?:password|passwd|secret|token|api-?key|requirepass|masterauth)|-a)[ =]\s*)"
    r"(\"[^\"]*\"|'[^']*'|[^\s;&|]+)",
    re.IGNORECASE,
)
_CLIENT = re.compile(
    r"((?:\b(?:redis|valkey)-cli\b[^|;&\n]{0,200}?\s-a\s+)|(?:\b(?:mysql|mariadb)[\w-]*\b[^|;&\n]{0,200}?\s-p(?=[^\s$\"'])))"
    r"(\"[^\"$]*\"|'[^'$]*'|[^\s;&|$\"']+)"
)
BLOT = "***"


def names_secret(name: str) -> bool:
    """Tell whether a variable of this name holds a secret (`API_TOKEN`; not `TOKEN_URL`, `PASSWORD_FILE`)."""
    return bool(_SECRET.search(name) or _GLUED.search(name))


def stands_for_secret(value: str) -> bool:
    """Tell whether a value is no secret itself: empty, a variable, a file or a word that asks to be replaced."""
    bare = value.strip().strip("\"'")
    return "$" in bare or bare.startswith("/") or bool(_PLACEHOLDER.search(bare))


def blotted(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a command without the secrets in options, assignments, headers and addresses."""
    out: list[str] = []
    hides_next = False
    for word in words:
        if hides_next and not word.startswith("$"):
            out.append(BLOT)
            hides_next = False
            continue
        hides_next = False
        option = _OPTION.fullmatch(word)
        if option and not option[2]:
            hides_next = not word.endswith("=")
        elif option and "$" not in option[2]:
            word = option[1] + BLOT
        out.append(blotted_text(word))
    program = out[0].rpartition("/")[2] if out else ""
    if program in ("redis-cli", "valkey-cli") and "-a" in out[:-1]:
        out[out.index("-a") + 1] = BLOT
    if program.startswith(("mysql", "mariadb")):
        out = ["-p" + BLOT if word.startswith("-p") and len(word) > 2 and word[2] != "$" else word for word in out]
    return tuple(out)


def blotted_text(text: str) -> str:
    """Return a shell text without the secrets in it."""
    text = _URL.sub(lambda m: m[0] if m[2].startswith("$") else m[1] + BLOT + m[3], text)
    text = _HEADER.sub(rf"\1{BLOT}", text)
    text = _CLIENT.sub(rf"\1{BLOT}", text)
    text = _SPACED.sub(lambda m: m[0] if m[2].lstrip("\"'").startswith("$") or not _holds(m[1]) else m[1] + BLOT, text)
    return _ASSIGNED.sub(
        lambda m: f"{m[1]}={BLOT}" if names_secret(m[1]) and not m[2].lstrip("\"'").startswith("$") else m[0], text
    )


def _holds(option: str) -> bool:
    return option.strip(" =") != "-a"
